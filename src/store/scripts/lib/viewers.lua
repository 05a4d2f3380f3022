-- lib/viewers.lua: viewers, their carts, their reputation and its ledger.

-- itemId: an item whose units in the cart will be asked for; it saves a look.
local function viewer(id, itemId)
  local v = viewers[id]
  if v ~= nil then return v end
  local f = redis.call('HMGET', shop .. ':viewer:' .. id, 'name', 'reputation', 'status', 'units', 'checkout',
    'item:' .. (itemId or ''))
  v = f[2] and { id = id, name = f[1] or '', reputation = tonumber(f[2]), status = f[3], units = tonumber(f[4]),
    checkout = f[5] or '', fields = {}, held = {} }
  if v and itemId then v.held[itemId] = tonumber(f[6] or 0) end
  viewers[id] = v or false
  return viewers[id]
end

local function touch_viewer(v)
  if v.touched then return end
  v.touched = true
  touched_viewers[#touched_viewers + 1] = v
end

local function set_field(v, field, value)
  v.fields[#v.fields + 1] = field
  v.fields[#v.fields + 1] = value
  touch_viewer(v)
end

-- A viewer comes into being with the first command; the token is the judge of the name.
local function open_viewer(id, name, itemId)
  local v = viewer(id, itemId)
  if not v then
    v = { id = id, name = name, reputation = 100, status = 'active', units = 0, checkout = '', fields = {},
      held = itemId and { [itemId] = 0 } or {} }
    viewers[id] = v
    for _, field in ipairs({ 'name', 'reputation', 'status', 'units' }) do set_field(v, field, v[field]) end
    set_field(v, 'createdAt', now)
    index(':viewers', v.reputation, id)
  elseif name ~= '' and v.name ~= name then
    v.name = name
    set_field(v, 'name', name)
  end
  return v
end

-- Units of one item in the viewer's cart.
local function held_of(v, itemId)
  if not v.held[itemId] then
    v.held[itemId] = tonumber(redis.call('HGET', shop .. ':viewer:' .. v.id, 'item:' .. itemId) or 0)
  end
  return v.held[itemId]
end

local function change_cart(v, itemId, quantity)
  v.held[itemId] = held_of(v, itemId) + quantity
  v.units = v.units + quantity
  v.cart_changed = v.cart_changed or {}
  v.cart_changed[itemId] = true
  touch_viewer(v)
end

local function brief(v) return { viewerId = v.id, name = v.name, reputation = v.reputation } end
local function brief_json(v)
  return string.format('{"viewerId":"%s","name":%s,"reputation":%d}', v.id, cjson.encode(v.name), v.reputation)
end

-- What concerns one viewer. Who that is stands behind the kind: servers pass the payload on without reading it.
local function emit_to(v, kind, payload) emit(kind .. ' ' .. brief_json(v), payload) end

-- Moves a reputation by `points`, within 0 and 100, and writes the one ledger entry of this cause.
local function change_reputation(v, points, reason, refId)
  if points == 0 then return end
  local before = v.reputation
  v.reputation = math.max(0, math.min(100, before + points))
  local delta = v.reputation - before
  later('LPUSH', shop .. ':ledger:' .. v.id, cjson.encode({ delta = delta, before = before, after = v.reputation,
    reason = reason, refId = refId, at = now }))
  if delta == 0 then return end
  set_field(v, 'reputation', v.reputation)
  index(':viewers', v.reputation, v.id)
  emit_to(v, 'reputation', cjson.encode({ reputation = v.reputation, delta = delta, reason = reason, at = now }))
end
