-- booking_for.lua: the host books for somebody, who is judged like anyone.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     bookingId, 'bk_' plus the digest of the host and requestId; JSON: { liveId, itemId? or else code, quantity, asked,
--          viewerId?, handle?, name?, newId }. code: as the index of codes has it. asked: a digest of the code, and of whom the
--          request names, by id, handle and name. newId: of a viewer who is made without a viewerId
-- Reply    { booking, item, viewer, repeated } or { error }
--
-- Whom it is for is decided here, where it is committed: found by id, else by handle, else made. A refusal makes nobody and
-- gives away no handle.

local id, wish = ARGV[1], cjson.decode(ARGV[2])

local function reply(encoded, v, it, repeated)
  return commit(function()
    return string.format('{"booking":%s,"item":%s,"viewer":%s,"repeated":%s}', encoded, item_json(it), brief_json(v),
      tostring(repeated))
  end)
end

local prior = booking(id)
if prior then
  local same = since_of[id].asked == wish.asked and prior.liveId == wish.liveId
    and (not wish.itemId or prior.itemId == wish.itemId) and cjson.decode(accepted_of[id]).quantity == wish.quantity
  if not same then return refuse('REQUEST_CONFLICT') end
  return reply(accepted_of[id], viewer(prior.viewerId), item(prior.itemId), true)
end
if redis.call('EXISTS', shop .. ':request:' .. id:sub(4)) == 1 then return refuse('REQUEST_CONFLICT') end

local function found()
  local v = wish.viewerId and viewer(wish.viewerId)
  if not v and wish.handle then
    local of_handle = redis.call('HGET', shop .. ':handles', wish.handle)
    v = of_handle and viewer(of_handle)
  end
  -- A request whose booking has left Redis finds again whom it made.
  if not v and not wish.viewerId then v = viewer(wish.newId) end
  return v
end

local v = found()
local known = v and v.name ~= ''
if not wish.name and not (known and v.id == wish.viewerId) then
  return refuse('VALIDATION', { issues = { { path = 'viewer.name', message = 'is needed for a viewer who is not known' } } })
end
if v then
  -- The name is of one who has none: nobody is called something else by a host's booking.
  open_viewer(v.id, known and '' or wish.name, false)
else
  v = new_viewer(wish.viewerId or wish.newId, wish.name, false)
  v.from_host = true -- may be a guest, of whom the host knows the id
end

local itemId = wish.itemId or redis.call('HGET', shop .. ':codes', wish.code)
local it = itemId and item(itemId)
if not it then return refuse('NOT_FOUND', wish.code and { code = wish.code }) end
local code, details = judge(v, it, wish.liveId, wish.quantity)
if not code then code, details = lacking(it, wish.quantity) end
if code then return refuse(code, details) end
local _, _, lifetime = limits_of(v)
local _, encoded = hold(id, v, it, wish.liveId, wish.quantity, 'host', lifetime, wish.asked)
if wish.handle and v.is_new then later('HSET', shop .. ':handles', wish.handle, v.id) end
return reply(encoded, v, it, false)
