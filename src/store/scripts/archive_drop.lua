-- archive_drop.lua: takes finished records out of Redis that the archive has word for word. What differs, or is not finished,
-- stays; what is not there has gone. It stands alone, without lib/.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     JSON: { move: its number; orders: [{ id, fields, payments: { id: fields }, refunds, bookings, notices: { id: text } }]; bookings,
--          notices: { id: text } of no such order }
-- Reply    JSON: { orders, bookings, notices: { id: true } } of those that are gone; or { late: true } when a later move was
--          made already: then nothing has left
--
-- livehold:{shopId}:gone                the newest that has left, by index: orders, paid_at, refunds, notices, epoch ms;
--                                       `drops`, the number of the last move, and `dropped_at`, when that was
-- livehold:{shopId}:orders:used:<ABC>   the last three characters of the order codes that begin so and have left
-- the item's `goneSold`                 units sold by bookings that have left
-- livehold:{shopId}:left:<itemId>       those of the last minutes, by when they left, epoch ms: an audit that has read them
--                                       before must not count them again

local shop, asked = KEYS[1], cjson.decode(ARGV[1])
local FINISHED = { paid = true, expired = true, cancelled = true, refunded = true }
if asked.move <= tonumber(redis.call('HGET', shop .. ':gone', 'drops') or 0) then return '{"late":true}' end
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local LEFT_KEPT = 600 -- s; far more than the audit of an item takes
local dropped = { orders = {}, bookings = {}, notices = {} }

local function same_hash(key, expected)
  local list, n = redis.call('HGETALL', key), 0
  for i = 1, #list, 2 do
    if expected[list[i]] ~= list[i + 1] then return false end
    n = n + 1
  end
  for _ in pairs(expected) do n = n - 1 end
  return n == 0
end
local function same_texts(kind, texts)
  for id, text in pairs(texts) do
    if redis.call('GET', shop .. kind .. id) ~= text then return false end
  end
  return true
end
local function note_gone(index, at)
  local before = tonumber(redis.call('HGET', shop .. ':gone', index) or 0)
  if tonumber(at) > before then redis.call('HSET', shop .. ':gone', index, at) end
end
local function parts(text)
  local line = text:find('\n', 1, true)
  return cjson.decode(text:sub(1, line - 1)), cjson.decode(text:sub(line + 1))
end

local function notice_is_done(id, text)
  local outcome = cjson.decode(text).outcome
  return outcome ~= 'open' and outcome ~= 'unclear' and not redis.call('ZSCORE', shop .. ':notices:due', id)
end
local function drop_notices(notices)
  for id, text in pairs(notices) do
    redis.call('DEL', shop .. ':notice:' .. id)
    redis.call('ZREM', shop .. ':notices:all', id)
    note_gone('notices', string.format('%d', cjson.decode(text).at))
    dropped.notices[id] = true
  end
end

-- Nothing of it is there: Redis or the archive was restored from a copy.
local function is_gone(o)
  local keys = { shop .. ':order:' .. o.id }
  for kind, named in pairs({ payment = o.payments, refund = o.refunds, booking = o.bookings, notice = o.notices }) do
    for id in pairs(named) do keys[#keys + 1] = shop .. ':' .. kind .. ':' .. id end
  end
  for _, key in ipairs(keys) do
    if redis.call('EXISTS', key) == 1 then return false end
  end
  return true
end

local function may_leave(o)
  local key = shop .. ':order:' .. o.id
  if not FINISHED[o.fields.status] or not same_hash(key, o.fields) then return false end
  if redis.call('ZSCORE', shop .. ':transfers:open', o.id) then return false end
  for id, fields in pairs(o.payments) do
    if redis.call('ZSCORE', shop .. ':payments:open', id) then return false end
    if not same_hash(shop .. ':payment:' .. id, fields) then return false end
  end
  for _, text in pairs(o.refunds) do
    if cjson.decode(text).status ~= 'done' then return false end
  end
  for id, text in pairs(o.notices) do
    if not notice_is_done(id, text) then return false end
  end
  return same_texts(':refund:', o.refunds) and same_texts(':booking:', o.bookings)
    and same_texts(':notice:', o.notices)
end

local function drop_bookings(o, sold)
  for id, text in pairs(o.bookings) do
    local b, since = parts(text)
    local item = shop .. ':item:' .. b.itemId
    if sold then
      local before = tonumber(redis.call('HGET', item, 'goneSold') or 0)
      redis.call('HSET', item, 'goneSold', string.format('%d', before + (since.quantity or b.quantity)))
      local left = shop .. ':left:' .. b.itemId
      redis.call('ZADD', left, string.format('%d', now), id)
      redis.call('ZREMRANGEBYSCORE', left, '-inf', string.format('%d', now - LEFT_KEPT * 1000))
      redis.call('EXPIRE', left, LEFT_KEPT)
    end
    redis.call('DEL', shop .. ':booking:' .. id)
    redis.call('ZREM', shop .. ':bookings:back:' .. b.itemId, id)
    redis.call('ZREM', shop .. ':orders:live:' .. b.liveId, o.id)
    dropped.bookings[id] = true
  end
end

local function drop_order(o)
  local placed, codes = cjson.decode(o.fields.placed), shop .. ':orders:codes'
  drop_bookings(o, o.fields.status == 'paid' or o.fields.stillSold == '1')
  drop_notices(o.notices)
  for id, text in pairs(o.refunds) do
    redis.call('DEL', shop .. ':refund:' .. id)
    redis.call('ZREM', shop .. ':refunds:all', id)
    redis.call('ZREM', shop .. ':refunds:done', id)
    note_gone('refunds', string.format('%d', cjson.decode(text).at))
  end
  for id in pairs(o.payments) do redis.call('DEL', shop .. ':payment:' .. id) end
  redis.call('DEL', shop .. ':order:' .. o.id)
  for _, suffix in ipairs({ '', ':paid_at', ':viewer:' .. placed.viewerId, ':' .. o.fields.status }) do
    redis.call('ZREM', shop .. ':orders' .. suffix, o.id)
  end
  local viewer = shop .. ':viewer:' .. placed.viewerId
  if redis.call('EXISTS', viewer) == 1 then redis.call('HSET', viewer, 'ordersLeft', '1') end
  if placed.code then
    redis.call('HDEL', codes, placed.code)
    redis.call('HSET', shop .. ':orders:used:' .. placed.code:sub(1, 3), placed.code:sub(4), '')
  end
  if o.fields.invoiceNumber then redis.call('HDEL', codes, o.fields.invoiceNumber) end
  note_gone('orders', string.format('%d', placed.createdAt))
  if o.fields.paidAt then note_gone('paid_at', o.fields.paidAt) end
  dropped.orders[o.id] = true
end

for _, o in ipairs(asked.orders) do
  if may_leave(o) then drop_order(o)
  elseif is_gone(o) then dropped.orders[o.id] = true
  end
end
for id, text in pairs(asked.bookings) do
  local _, since = parts(text)
  local kept = redis.call('GET', shop .. ':booking:' .. id)
  if not kept then dropped.bookings[id] = true
  elseif (since.status == 'cancelled' or since.status == 'expired') and kept == text then
    redis.call('DEL', shop .. ':booking:' .. id)
    dropped.bookings[id] = true
  end
end
for id, text in pairs(asked.notices) do
  local kept = redis.call('GET', shop .. ':notice:' .. id)
  if not kept then dropped.notices[id] = true
  elseif kept == text and notice_is_done(id, text) then drop_notices({ [id] = text })
  end
end
-- By this it is seen that Redis or the archive has come back from a copy.
redis.call('HSET', shop .. ':gone', 'drops', string.format('%d', asked.move), 'dropped_at', clock[1] .. '000')
return cjson.encode(dropped)
