-- order_refund.lua: the host gives a paid order up: its money must go back. An order whose money must go back already
-- answers that it must.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     orderId, whether its units go back to the public ('1' | '0'), digest of the caller's requestId
-- Reply    { order, refundId: null when there is nothing to pay back } or { error }

local id, restock, digest = ARGV[1], ARGV[2] == '1', ARGV[3]
local asked = 'refund ' .. id .. ' ' .. ARGV[2]
local prior = requests.made(digest)
if prior and prior ~= asked then return refuse('REQUEST_CONFLICT') end
local o = order(id)
if not o then return refuse('NOT_FOUND') end
local p, status = o.payment, o.shown.status
local refund_id = p and 'rf_' .. p.id

local function reply()
  local opened = p and p.amount > 0 and refund_id or cjson.null
  return commit({ order = order_view(o), refundId = opened })
end

if prior then return reply() end
if status ~= 'paid' and status ~= 'needs_refund' then return refuse('ORDER_NOT_PAYABLE', { status = status }) end
requests.keep(digest, asked)

if status == 'paid' then
  local returned = read_refund('rg_' .. p.id)
  local left = p.amount - (returned and returned.amount or 0)
  if left > 0 then open_refund(o, p, refund_id, left, 'cancelled_by_host', '') end
  refund_order(o, restock)
  emit_order(o)
elseif not read_refund(refund_id) then
  -- Money that came before refunds were kept.
  open_refund(o, p, refund_id, p.amount, 'late_and_gone', '')
  emit_order(o)
end
return reply()
