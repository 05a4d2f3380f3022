-- lib/parcels.lua: who an order goes to, what its transfer comes to, and its invoice's number.

-- What a recipient lacks of what the shop asks for; nil when nothing. Who picks an order up needs no address.
local function lacks(recipient, wanted, delivery)
  if wanted == 'optional' then return nil end
  if not recipient then return wanted == 'address' and delivery == 'ship' and { 'name', 'phone', 'address' }
    or { 'name', 'phone' } end
  if wanted == 'address' and delivery == 'ship' and not recipient.address then return { 'address' } end
end

-- A code of 1 to 999 such that neither it nor the amount is that of another open transfer; with more than 999 of them open,
-- such that the amount is not. When that is not to be had either, the host sees both orders under the amount.
local function transfer_code(o)
  local first, total, second_best = tonumber(redis.sha1hex(o.id):sub(1, 8), 16), o.shown.total, nil
  for i = 0, 998 do
    local code = (first + i) % 999 + 1
    if redis.call('ZCOUNT', shop .. ':transfers:open', total + code, total + code) == 0 then
      if redis.call('ZCOUNT', shop .. ':transfers:codes', code, code) == 0 then return code end
      second_best = second_best or code
    end
  end
  return second_best or first % 999 + 1
end

-- `transfers:open` has the orders that await a transfer by its amount, `transfers:codes` by its code; until the order is
-- paid or over, for a buyer who looks at a QR meanwhile may have made the transfer. Another one is of the same amount.
local function transfer_amount(o)
  local known = redis.call('ZSCORE', shop .. ':transfers:open', o.id)
  if known then return tonumber(known) end
  local code = settings('order.uniqueTransferCode') and transfer_code(o) or 0
  if code > 0 then index(':transfers:codes', code, o.id) end
  index(':transfers:open', o.shown.total + code, o.id)
  return o.shown.total + code
end

local function end_transfers(o)
  unindex(':transfers:open', o.id)
  unindex(':transfers:codes', o.id)
end

-- Year and month in Western Indonesia as YYMM: days since 1 March of the year 0, whose leap day comes last, taken apart.
local function month_in_wib(at)
  local days = math.floor((at + 7 * 3600000) / 86400000) + 719468
  local era = math.floor(days / 146097)
  local day = days - era * 146097
  local year = math.floor((day - math.floor(day / 1460) + math.floor(day / 36524) - math.floor(day / 146096)) / 365)
  local month = math.floor((5 * (day - (365 * year + math.floor(year / 4) - math.floor(year / 100))) + 2) / 153)
  if month > 9 then year = year + 1 end
  return string.format('%02d%02d', (year + era * 400) % 100, (month + 2) % 12 + 1)
end

-- Given once, with the payment, from a count of the shop and month: no gap and no double.
local function give_invoice_number(o)
  local month = month_in_wib(now)
  local n = tonumber(redis.call('HGET', shop .. ':invoices', month) or 0) + 1
  o.shown.invoiceNumber = string.format('INV.%s.%06d', month, n)
  later('HSET', shop .. ':invoices', month, int(n))
  later('HSET', shop .. ':order:' .. o.id, 'invoiceNumber', o.shown.invoiceNumber)
  later('HSET', shop .. ':orders:codes', o.shown.invoiceNumber, o.id)
end
