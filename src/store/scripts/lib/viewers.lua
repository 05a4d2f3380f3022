-- lib/viewers.lua: viewers, their carts, their reputation and its ledger.
--
-- The hash livehold:{shopId}:viewer:<id> holds name, reputation, status, guest, checkout, createdAt, `unpaid` (orders that
-- await payment) and the following: `carried`, how many bookings the cart has; `held`, the newest of them, as 'bookingId
-- itemId quantity' joined by ';' in the order of booking, and `held:1`, `held:2` … with CHUNK older ones each, so that one
-- more costs the same however many there are; `waits`, places in waiting lines, as 'entryId itemId' joined in the same way;
-- `quietSince`, from when on no point was lost; `ordersLeft`, '1' when orders of theirs have left Redis for the archive. A cart has at most 200 bookings. One who was erased has no name.
--
-- livehold:{shopId}:recipient:<id>, a string, is of a guest who has no such record yet; it goes into it, or ends after a day.

-- Bookings in a whole chunk. v.stored chunks are in Redis, v.rolled are those that this unit of work has filled.
local CHUNK = 4
local function chunks(n) return math.floor(n / CHUNK) end

local function viewer(id)
  local v = viewers[id]
  if v ~= nil then return v end
  local f = redis.call('HMGET', shop .. ':viewer:' .. id, 'name', 'reputation', 'status', 'held', 'carried', 'guest')
  local carried = tonumber(f[5] or 0)
  v = f[2] and { id = id, name = f[1] or '', reputation = tonumber(f[2]), status = f[3], held = f[4] or '',
    carried = carried, stored = chunks(carried), guest = f[6] == '1', erased = not f[1], fields = {}, touched = false }
  viewers[id] = v or false
  return viewers[id]
end

-- What a booking does not ask about: `checkout`, `waits`, `quietSince`, `unpaid`, `ordersLeft`.
local function wholly(v)
  if v.checkout then return v end
  local f = redis.call('HMGET', shop .. ':viewer:' .. v.id, 'checkout', 'waits', 'quietSince', 'unpaid', 'ordersLeft')
  v.checkout, v.waits, v.quietSince, v.unpaid = f[1] or '', f[2] or '', tonumber(f[3]), tonumber(f[4] or 0)
  v.orders_left = f[5] == '1'
  return v
end

-- What begins the record of a viewer who has none.
local function begin_record(v)
  local f, n = v.fields, #v.fields
  f[n + 1], f[n + 2], f[n + 3], f[n + 4] = 'name', v.name, 'reputation', v.reputation
  f[n + 5], f[n + 6], f[n + 7], f[n + 8] = 'status', v.status, 'createdAt', int(now)
  if v.guest then f[n + 9], f[n + 10] = 'guest', '1' end
  local recipient = (v.guest or v.from_host) and redis.call('GET', shop .. ':recipient:' .. v.id)
  if recipient then
    f[#f + 1], f[#f + 2] = 'recipient', recipient
    later('DEL', shop .. ':recipient:' .. v.id)
  end
  index(':viewers', v.reputation, v.id)
end

local function touch_viewer(v)
  if v.touched then return end
  v.touched = true
  touched_viewers[#touched_viewers + 1] = v
  if v.is_new then begin_record(v) end
end

local function set_field(v, field, value)
  v.fields[#v.fields + 1] = field
  v.fields[#v.fields + 1] = value
  touch_viewer(v)
end

-- The cart as a list of { id, itemId, quantity }, oldest first.
local function cart_of(v)
  if v.cart then return v.cart end
  v.cart = {}
  local names, text = {}, table.concat(v.rolled or {}, ';') .. ';' .. v.held
  for i = 1, v.stored do names[i] = 'held:' .. i end
  if v.stored > 0 then
    text = table.concat(redis.call('HMGET', shop .. ':viewer:' .. v.id, unpack(names)), ';') .. ';' .. text
  end
  for id, itemId, quantity in text:gmatch('([^ ;]+) ([^ ;]+) (%d+)') do
    v.cart[#v.cart + 1] = { id = id, itemId = itemId, quantity = tonumber(quantity) }
  end
  return v.cart
end

-- Units in the cart: of one item, and of all.
local function units_held(v, itemId)
  local of_item, all = 0, 0
  for _, line in ipairs(cart_of(v)) do
    all = all + line.quantity
    if line.itemId == itemId then of_item = of_item + line.quantity end
  end
  return of_item, all
end

-- What a booking of the cart has from now on; 0 takes it out.
local function set_held(v, bookingId, quantity)
  local cart, at = cart_of(v), nil
  for i, line in ipairs(cart) do if line.id == bookingId then at = i end end
  if quantity == 0 then table.remove(cart, at) else cart[at].quantity = quantity end
  v.carried, v.cart_rewritten = #cart, true
  touch_viewer(v)
end

local function cart_line(line) return line.id .. ' ' .. line.itemId .. ' ' .. int(line.quantity) end

-- Who was erased, and books or waits again, is known again by the name of the token.
local function come_back(v)
  v.erased, v.name = false, v.offered or v.name
  set_field(v, 'name', v.name)
end

-- A new booking goes behind the others, which are not looked at for it.
local function add_held(v, bookingId, itemId, quantity)
  if v.erased then come_back(v) end
  if v.cart then v.cart[#v.cart + 1] = { id = bookingId, itemId = itemId, quantity = quantity } end
  local between = v.held == '' and '' or ';'
  v.held = v.held .. between .. bookingId .. ' ' .. itemId .. ' ' .. small(quantity)
  v.carried, v.cart_grown = v.carried + 1, true
  if v.carried % CHUNK == 0 then
    v.rolled = v.rolled or {}
    v.rolled[#v.rolled + 1], v.held = v.held, ''
  end
  touch_viewer(v)
end

-- Places in waiting lines, as entryId → itemId.
local function waits_of(v)
  if v.waiting then return v.waiting end
  v.waiting = {}
  for id, itemId in wholly(v).waits:gmatch('([^ ;]+) ([^ ;]+)') do v.waiting[id] = itemId end
  return v.waiting
end

local function set_wait(v, entryId, itemId)
  if v.erased and itemId then come_back(v) end
  waits_of(v)[entryId] = itemId
  v.waits_changed = true
  touch_viewer(v)
end

local function brief(v) return { viewerId = v.id, name = v.name, reputation = v.reputation } end
local function brief_json(v)
  return string.format('{"viewerId":"%s","name":%s,"reputation":%d}', v.id, cjson.encode(v.name), v.reputation)
end

-- What concerns one viewer. Who that is stands behind the kind: servers pass the payload on without reading it.
local function emit_to(v, kind, payload) emit(kind, payload, v.id, cjson.encode(v.name), v.reputation) end
-- What the events above do not say by themselves, in the words of other systems: '<record>.<what became of it>'.
local function emit_fact(v, what, name, encoded)
  emit_to(v, 'fact', '{"type":"' .. what .. '","data":{"' .. name .. '":' .. encoded .. '}}')
end

-- Moves a reputation by `points`, within 0 and 100, and writes the one ledger entry of this cause. Answers what it moved.
local function move_reputation(v, points, reason, refId, note)
  local before = v.reputation
  v.reputation = math.max(0, math.min(100, before + points))
  local delta = v.reputation - before
  later('LPUSH', shop .. ':ledger:' .. v.id, cjson.encode({ delta = delta, before = before, after = v.reputation,
    reason = reason, refId = refId, at = now, note = note }))
  if delta == 0 then
    emit('changed', '{"ledgers":["' .. v.id .. '"]}')
    return 0
  end
  if delta < 0 then
    wholly(v).quietSince = now
    set_field(v, 'quietSince', int(now))
  end
  set_field(v, 'reputation', v.reputation)
  index(':viewers', v.reputation, v.id)
  emit_to(v, 'reputation', cjson.encode({ reputation = v.reputation, delta = delta, reason = reason, at = now }))
  v.rights_changed = true
  return delta
end

-- Points that come back for each full day in which none was lost; written when the viewer is looked at.
local DAY = 86400000 -- ms
local function recover(v)
  if v.reputation == 100 or not wholly(v).quietSince then return end
  local days, per_day = math.floor((now - v.quietSince) / DAY), settings('booking.recoveryPerDay')
  if days < 1 or per_day == 0 then return end
  v.quietSince = v.quietSince + days * DAY
  set_field(v, 'quietSince', int(v.quietSince))
  move_reputation(v, days * per_day, 'recovered', 'day:' .. int(v.quietSince))
end

local function change_reputation(v, points, reason, refId, note)
  recover(v)
  if points == 0 then return 0 end
  return move_reputation(v, points, reason, refId, note)
end

-- One who is not written before there is something to remember, such as a booking.
local function new_viewer(id, name, guest)
  viewers[id] = { id = id, name = name, reputation = 100, status = 'active', held = '', carried = 0, stored = 0, checkout = '', waits = '', unpaid = 0,
    guest = guest, fields = {}, is_new = true }
  return viewers[id]
end

-- A viewer comes into being with the first command, but a guest with the first to remember: anybody may be any number of
-- guests. The token is the judge of the name, and of who is a guest.
local function open_viewer(id, name, guest)
  local v = viewer(id)
  if not v then
    v = new_viewer(id, name, guest)
    if not guest then touch_viewer(v) end
  elseif name ~= '' and v.erased then
    v.offered = name
  elseif name ~= '' and v.name ~= name then
    v.name = name
    set_field(v, 'name', name)
  end
  recover(v)
  return v
end
