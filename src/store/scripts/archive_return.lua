-- archive_return.lua: brings an order back that has left Redis, with all that left with it, for something is to happen to it. It
-- stands alone, without lib/.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     JSON: { move: its number; id, fields, payments: { id: fields }, refunds, bookings, notices: { id: text } }
-- Reply    { late: true } when a later move was made already; else { there: boolean }: not when this Redis never had it, for it
--          came back without its last writes; its stock does not know it

local shop, o = KEYS[1], cjson.decode(ARGV[1])
local key, placed = shop .. ':order:' .. o.id, cjson.decode(o.fields.placed)
if o.move <= tonumber(redis.call('HGET', shop .. ':gone', 'drops') or 0) then return '{"late":true}' end
redis.call('HSET', shop .. ':gone', 'drops', string.format('%d', o.move), 'dropped_at', redis.call('TIME')[1] .. '000')
if redis.call('EXISTS', key) == 1 then return '{"there":true}' end
local code = placed.code
if code and redis.call('HEXISTS', shop .. ':orders:used:' .. code:sub(1, 3), code:sub(4)) == 0 then return '{"there":false}' end

-- Whose viewer was erased meanwhile comes back without what says who that was; the archive may not know of it yet.
local function was_erased(viewer, at)
  local key = shop .. ':viewer:' .. viewer
  local erased_at = redis.call('HGET', key, 'erasedAt')
  if erased_at then return at <= tonumber(erased_at) end
  return redis.call('EXISTS', key) == 1 and redis.call('HEXISTS', key, 'name') == 0
end

local function write(at, fields)
  for name, value in pairs(fields) do redis.call('HSET', at, name, value) end
end
local created, sold = string.format('%d', placed.createdAt), o.fields.status == 'paid' or o.fields.stillSold == '1'
if was_erased(placed.viewerId, placed.createdAt) then
  o.fields.recipient, o.fields.note, o.fields.hostNote = nil, nil, nil
  for id, text in pairs(o.refunds) do
    local refund = cjson.decode(text)
    if refund.doneNote then
      refund.doneNote = nil
      o.refunds[id] = cjson.encode(refund)
    end
  end
end
write(key, o.fields)
for id, fields in pairs(o.payments) do write(shop .. ':payment:' .. id, fields) end
for _, suffix in ipairs({ '', ':viewer:' .. placed.viewerId, ':' .. o.fields.status }) do
  redis.call('ZADD', shop .. ':orders' .. suffix, created, o.id)
end
if o.fields.paidAt then redis.call('ZADD', shop .. ':orders:paid_at', o.fields.paidAt, o.id) end
if placed.code then redis.call('HSET', shop .. ':orders:codes', placed.code, o.id) end
if o.fields.invoiceNumber then redis.call('HSET', shop .. ':orders:codes', o.fields.invoiceNumber, o.id) end
for id, text in pairs(o.refunds) do
  local at = string.format('%d', cjson.decode(text).at)
  redis.call('SET', shop .. ':refund:' .. id, text)
  redis.call('ZADD', shop .. ':refunds:all', at, id)
  redis.call('ZADD', shop .. ':refunds:done', at, id)
end
for id, text in pairs(o.notices) do
  redis.call('SET', shop .. ':notice:' .. id, text)
  redis.call('ZADD', shop .. ':notices:all', string.format('%d', cjson.decode(text).at), id)
end
-- Their places in the lists of bookings are the archive's by now; the audit finds them by `bookings:back`.
for id, text in pairs(o.bookings) do
  local line = text:find('\n', 1, true)
  local b, since = cjson.decode(text:sub(1, line - 1)), cjson.decode(text:sub(line + 1))
  redis.call('SET', shop .. ':booking:' .. id, text)
  redis.call('ZADD', shop .. ':bookings:back:' .. b.itemId, created, id)
  redis.call('ZADD', shop .. ':orders:live:' .. b.liveId, created, o.id)
  if sold then
    local item = shop .. ':item:' .. b.itemId
    local before = tonumber(redis.call('HGET', item, 'goneSold') or 0)
    redis.call('HSET', item, 'goneSold', string.format('%d', before - (since.quantity or b.quantity)))
  end
end
return '{"there":true}'
