-- lib/unit.lua: the unit of work. The files of lib/ stand before every script: unit, lives, release, orders, due;
-- one script call is one unit of work on one shop.
--
-- A script reads through item(), viewer(), booking() and order(), judges, changes those tables in memory, and ends with
-- `return commit(reply)`. Nothing is written before commit(), so a refusal or a script error changes nothing.
-- commit() writes all of it, appends what happened to the shop's event stream and rings the shop's bell.
--
-- KEYS[1]  livehold:{shopId}; every other key of the shop is this one plus a suffix, so all share one slot.

local shop = KEYS[1]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000) -- epoch ms; Redis is the only judge of time
local EVENTS_KEPT = 10000 -- entries of the event stream; a reader further behind reloads its snapshot

local items, viewers = {}, {} -- id → table, false when there is none
local touched_items, touched_viewers = {}, {} -- lists, in the order of the first touch
local writes, adds, removals, pushes, events = {}, {}, {}, {}, {}
local releases, release_order = {}, {}

-- Lua prints large numbers as 1e+15; whatever is joined as text goes through here. redis.call prints whole numbers right.
local function int(n) return string.format('%d', n) end

local function later(...) writes[#writes + 1] = { ... } end

-- Members for a sorted set, all of one key in one call at the end.
local function grouped(groups, suffix)
  local key = shop .. suffix
  local list = groups[key]
  if not list then
    list = {}
    groups[key] = list
  end
  return list
end
local function index(suffix, score, member)
  local list = grouped(adds, suffix)
  local n = #list
  list[n + 1], list[n + 2] = score, member
end
-- For what only grows, a list newest first: a push costs a fraction of what a sorted set asks.
local function push(suffix, member)
  local list = grouped(pushes, suffix)
  list[#list + 1] = member
end
local function unindex(suffix, member)
  local list = grouped(removals, suffix)
  list[#list + 1] = member
end

-- cjson prints an empty table as {}, so lists and raw JSON are spliced in as text.
local function splice(encoded, field, raw) return encoded:sub(1, -2) .. ',"' .. field .. '":' .. raw .. '}' end
local function list_of(encoded) return '[' .. table.concat(encoded, ',') .. ']' end
-- What happened: fields of one stream entry, '<n>:<kind>' and its payload as JSON.
local function emit(kind, payload)
  local n = #events
  events[n + 1], events[n + 2] = n .. ':' .. kind, payload
end

local function settings(...)
  local values = redis.call('HMGET', shop .. ':settings', ...)
  for i = 1, #values do values[i] = tonumber(values[i]) or 0 end
  return unpack(values)
end
-- At least 1 ms: a key cannot be set to live for none.
local function minutes(n) return math.max(1, math.floor(n * 60000 + 0.5)) end

-- Items --------------------------------------------------------------------------------------------------------

local function item(id)
  local it = items[id]
  if it ~= nil then return it end
  local v = redis.call('HMGET', shop .. ':item:' .. id, 'available', 'booked', 'allocated', 'sold', 'revision',
    'sequence', 'price', 'open', 'name', 'sku', 'code', 'imageUrl')
  it = v[1] and {
    id = id, available = tonumber(v[1]), booked = tonumber(v[2]), allocated = tonumber(v[3]), sold = tonumber(v[4]),
    revision = tonumber(v[5]), sequence = tonumber(v[6]), price = tonumber(v[7]), open = v[8] == '1',
    name = v[9], sku = v[10], code = v[11], imageUrl = v[12] or nil,
  }
  items[id] = it or false
  return items[id]
end

-- The revision follows the clock so that it still grows after a failover that lost the last writes.
local function touch_item(it)
  if it.touched then return end
  it.touched = true
  it.revision = math.max(it.revision + 1, now)
  touched_items[#touched_items + 1] = it
end

-- The only way units go from one bucket to another. The script stops, with nothing written, rather than oversell.
local function move(it, from, to, quantity)
  it[from] = it[from] - quantity
  it[to] = it[to] + quantity
  if it[from] < 0 then error('stock below zero: ' .. it.id .. ' ' .. from) end
  touch_item(it)
end

-- JSON is put together as text on the paths that thousands take: ids have no characters to escape, and cjson.encode of a
-- table costs several times as much.
local function stock_json(it)
  return string.format('{"itemId":"%s","available":%d,"booked":%d,"allocated":%d,"sold":%d,"revision":%d}',
    it.id, it.available, it.booked, it.allocated, it.sold, it.revision)
end
local function item_json(it)
  local image = it.imageUrl and ',"imageUrl":' .. cjson.encode(it.imageUrl) or ''
  return string.format('%s,"sku":%s,"code":%s,"name":%s,"price":%d,"open":%s%s}', stock_json(it):sub(1, -2),
    cjson.encode(it.sku), cjson.encode(it.code), cjson.encode(it.name), it.price, tostring(it.open), image)
end

local function released(it, quantity, reason)
  local name = it.id .. ' ' .. reason
  if not releases[name] then
    releases[name] = { it = it, quantity = 0, reason = reason }
    release_order[#release_order + 1] = name
  end
  releases[name].quantity = releases[name].quantity + quantity
end

-- Viewers ------------------------------------------------------------------------------------------------------

-- itemId: an item whose units in the cart will be asked for; it saves a look.
local function viewer(id, itemId)
  local v = viewers[id]
  if v ~= nil then return v end
  local f = redis.call('HMGET', shop .. ':viewer:' .. id, 'name', 'reputation', 'status', 'units', 'checkout',
    'item:' .. (itemId or ''))
  v = f[2] and { id = id, name = f[1] or '', reputation = tonumber(f[2]), status = f[3], units = tonumber(f[4]),
    checkout = f[5] or '', fields = {}, gone = {}, held = {} }
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
      gone = {}, held = itemId and { [itemId] = 0 } or {} }
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
  emit('reputation', cjson.encode({ reputation = v.reputation, delta = delta, reason = reason, at = now,
    viewer = brief(v) }))
end

-- Commit -------------------------------------------------------------------------------------------------------

local function write_items()
  local changed = {}
  for i, it in ipairs(touched_items) do
    redis.call('HSET', shop .. ':item:' .. it.id, 'available', it.available, 'booked', it.booked, 'allocated',
      it.allocated, 'sold', it.sold, 'revision', it.revision, 'sequence', it.sequence)
    changed[i] = stock_json(it)
  end
  if #changed > 0 then emit('stock', '{"items":' .. list_of(changed) .. '}') end
end

local function write_viewers()
  for _, v in ipairs(touched_viewers) do
    if v.cart_changed then
      set_field(v, 'units', v.units)
      for itemId in pairs(v.cart_changed) do
        if v.held[itemId] > 0 then
          set_field(v, 'item:' .. itemId, v.held[itemId])
        else
          v.gone[#v.gone + 1] = 'item:' .. itemId
        end
      end
    end
    if #v.fields > 0 then redis.call('HSET', shop .. ':viewer:' .. v.id, unpack(v.fields)) end
    if #v.gone > 0 then redis.call('HDEL', shop .. ':viewer:' .. v.id, unpack(v.gone)) end
  end
end

local function emit_releases()
  local list = {}
  for i, name in ipairs(release_order) do
    local r = releases[name]
    list[i] = cjson.encode({ itemId = r.it.id, quantity = r.quantity, reason = r.reason, available = r.it.available,
      revision = r.it.revision })
  end
  if #list > 0 then emit('released', '{"releases":' .. list_of(list) .. '}') end
end

local function commit(reply)
  for _, write in ipairs(writes) do redis.call(unpack(write)) end
  for key, list in pairs(adds) do redis.call('ZADD', key, unpack(list)) end
  for key, list in pairs(pushes) do redis.call('LPUSH', key, unpack(list)) end
  for key, list in pairs(removals) do redis.call('ZREM', key, unpack(list)) end
  write_viewers()
  write_items()
  emit_releases()
  if #events > 0 then
    redis.call('XADD', shop .. ':events', 'MAXLEN', '~', EVENTS_KEPT, '*', unpack(events))
    redis.call('SPUBLISH', shop .. ':bell', '')
  end
  return type(reply) == 'string' and reply or cjson.encode(reply)
end

local function refuse(code, details) return commit({ error = { code = code, details = details } }) end
