-- lib/refunds.lua: money that is not an order's, until somebody has paid it back.
--
-- livehold:{shopId}:refund:<id> is a record as JSON; `refunds:all`, `refunds:open` and `refunds:done` list them in the
-- order of their opening, and the order's field `refunds` its own. A payment has at most two: `rf_<paymentId>` for what a
-- person has to pay back, and `rg_<paymentId>` for what the gateway has paid back by itself.

-- Also what the order shows of it.
local function save_refund(o, r)
  later('SET', shop .. ':refund:' .. r.refundId, cjson.encode(r))
  for i, shown in ipairs(o.shown.refunds) do
    if shown.refundId == r.refundId then o.shown.refunds[i] = refund_view(r) end
  end
end

-- For other systems, which know an order by its code.
local function emit_refund(o, r, what)
  emit_fact(viewer(r.viewerId), 'refund.' .. what, 'refund', splice(cjson.encode(r), 'code', cjson.encode(o.shown.code)))
end

-- Opens a record beside the change that made the money nobody's, in the same unit of work.
local function open_refund(o, p, id, amount, reason, words)
  local r = { refundId = id, orderId = o.id, paymentId = p.id, viewerId = o.shown.viewerId, amount = amount,
    reason = reason, status = 'open', at = now, words = words ~= '' and words or nil }
  o.refunds[#o.refunds + 1] = id
  o.shown.refunds = o.shown.refunds or {}
  o.shown.refunds[#o.refunds] = refund_view(r)
  save_refund(o, r)
  emit_refund(o, r, 'opened')
  index(':refunds:all', now, id)
  index(':refunds:open', now, id)
  later('HSET', shop .. ':order:' .. o.id, 'refunds', table.concat(o.refunds, ' '))
  return r
end

-- Orders that want no more money, and have none of their own.
local ENDED = { needs_refund = true, expired = true, cancelled = true }

-- The money has gone back. An order that has ended is refunded with the last of it; one that is paid, or still wants to
-- be, keeps its status: what went back was not its own.
local function close_refund(o, r, by, note)
  r.status, r.doneAt, r.doneBy, r.doneNote = 'done', now, by, note ~= '' and note or nil
  save_refund(o, r)
  emit_refund(o, r, 'done')
  unindex(':refunds:open', r.refundId)
  index(':refunds:done', r.at, r.refundId)
  for _, id in ipairs(o.refunds) do
    local other = id ~= r.refundId and read_refund(id)
    if other and other.status == 'open' then return end
  end
  if ENDED[o.shown.status] then set_order_status(o, 'refunded') end
end

-- A paid order ends; its units stay sold or go back to the public.
local function refund_order(o, restock)
  later('HSET', shop .. ':order:' .. o.id, 'stillSold', restock and '0' or '1')
  if restock then
    for _, line in ipairs(o.shown.lines) do
      move(item(line.itemId), 'sold', 'available', line.quantity)
      released(item(line.itemId), line.quantity, 'restocked')
    end
  end
  set_order_status(o, 'refunded')
end
