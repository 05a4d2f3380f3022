-- archive_read.lua: records as they are kept, for the archive. It stands alone, without lib/, and changes nothing.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     JSON: { bookings, orders, notices, refunds: lists of ids; ledgers, restocks: lists of { id, from } }. `from`: entries
--          that the caller has, counted from the oldest
-- Reply    JSON by id: { bookings: text; orders: { fields, payments: { id: fields }, refunds: { id: text } }; notices, refunds:
--          text; ledgers, restocks: { from, rows, more } oldest first }. What is not there is left out. A ledger may begin
--          later than it was asked for: what left Redis before is nowhere else than in the archive that took it.

local shop, asked = KEYS[1], cjson.decode(ARGV[1])
local ROWS = 200 -- of a list at once

local function hash(key)
  local fields, list = {}, redis.call('HGETALL', key)
  for i = 1, #list, 2 do fields[list[i]] = list[i + 1] end
  return list[1] and fields or nil
end

local function texts(kind, ids)
  local found = {}
  for _, id in ipairs(ids) do found[id] = redis.call('GET', shop .. kind .. id) or nil end
  return found
end

local function order(id)
  local fields = hash(shop .. ':order:' .. id)
  if not fields then return nil end
  local payments, refunds = {}, {}
  local ids = (fields.payments or '') .. ' ' .. (fields.paymentId or '') .. ' ' .. (fields.transferId or '')
  for payment in ids:gmatch('%S+') do payments[payment] = hash(shop .. ':payment:' .. payment) end
  for refund in (fields.refunds or ''):gmatch('%S+') do
    refunds[refund] = redis.call('GET', shop .. ':refund:' .. refund) or nil
  end
  return { fields = fields, payments = payments, refunds = refunds }
end

-- A ledger grows at its head, a list of restocks at its end. `gone` of a ledger's entries, the oldest, have left Redis.
local function ledger(one)
  local key = shop .. ':ledger:' .. one.id
  local gone = tonumber(redis.call('GET', key .. ':gone') or 0)
  local from = math.max(one.from, gone)
  local left = redis.call('LLEN', key) + gone - from
  if left <= 0 then return nil end
  local rows, list = {}, redis.call('LRANGE', key, math.max(left - ROWS, 0), left - 1)
  for i = #list, 1, -1 do rows[#rows + 1] = list[i] end
  return { from = from, rows = rows, more = left > ROWS }
end
local function restocks(one)
  local rows = redis.call('LRANGE', shop .. ':restocks:' .. one.id, one.from, one.from + ROWS - 1)
  return rows[1] and { from = one.from, rows = rows, more = #rows == ROWS } or nil
end

local found = { bookings = texts(':booking:', asked.bookings), notices = texts(':notice:', asked.notices),
  refunds = texts(':refund:', asked.refunds), orders = {}, ledgers = {}, restocks = {} }
for _, id in ipairs(asked.orders) do found.orders[id] = order(id) end
for _, one in ipairs(asked.ledgers) do found.ledgers[one.id] = ledger(one) end
for _, one in ipairs(asked.restocks) do found.restocks[one.id] = restocks(one) end
return cjson.encode(found)
