-- lib/payments.lua: attempts at paying an order, and the notices that say that money moved.

local function payment(id)
  if payments[id] then return payments[id] end
  local f = redis.call('HMGET', shop .. ':payment:' .. id, 'orderId', 'method', 'provider', 'status', 'amount',
    'qrString', 'expiresAt', 'claimedAt')
  if not f[1] then return nil end
  payments[id] = { id = id, orderId = f[1], method = f[2], provider = f[3], status = f[4], amount = tonumber(f[5]),
    qrString = f[6] or nil, expiresAt = tonumber(f[7]), claimedAt = tonumber(f[8]) }
  return payments[id]
end

-- Where a transfer goes, while it is awaited. cjson prints an empty list as an object, so none is none.
local bank_accounts
local function accounts_for(p)
  if p.method ~= 'bank_transfer' or p.status ~= 'pending' then return nil end
  bank_accounts = bank_accounts or settings('bankAccounts')
  return #bank_accounts > 0 and bank_accounts or nil
end

-- A payment that the gateway has not confirmed yet is not shown: the client must not wait for a QR code of it.
local function payment_view(p)
  if not p or p.status == 'creating' then return cjson.null end
  return { paymentId = p.id, method = p.method, provider = p.provider, status = p.status, amount = p.amount,
    qrString = p.qrString, expiresAt = p.expiresAt, claimedAt = p.claimedAt, accounts = accounts_for(p) }
end

local function set_payment_status(p, status)
  if not p then return end
  p.status = status
  later('HSET', shop .. ':payment:' .. p.id, 'status', status)
end

-- Why an amount cannot be paid by a method that takes no more than `most` ('' = any), and by what it can; nil when it can.
local function over_limit(amount, most)
  local limit = tonumber(most)
  if not limit or amount <= limit then return nil end
  return { paymentMethod = 'takes at most ' .. int(limit) .. ' rupiah; choose bank_transfer', limit = limit,
    instead = 'bank_transfer' }
end

-- A QR that is still open when its order is paid by another payment could be paid as well: it is closed at once.
local function close_soon(p)
  if p.method == 'qris' and (p.status == 'pending' or p.status == 'creating') then
    index(':payments:open', now, p.id)
  end
end

-- livehold:{shopId}:notice:<id> is the record of a notice as JSON. The same notice again is the same record, counted.
-- `notices:all` has every one by its first arrival; `notices:due` those without an outcome, by when they are taken up again.
-- outcome: open, paid, needs_refund, refunded, ignored, or unclear: nobody knows yet whether money moved, a person has to look.
local function read_notice(id)
  local record = redis.call('GET', shop .. ':notice:' .. id)
  return record and cjson.decode(record)
end

local function save_notice(id, n)
  later('SET', shop .. ':notice:' .. id, cjson.encode(n))
  emit('changed', '{"notices":["' .. id .. '"]}')
end

-- Counts a notice's arrival; without an outcome yet when it is the first.
local function count_notice(id, paymentId, source)
  local n = read_notice(id)
  if not n then
    n = { paymentId = paymentId, orderId = '', source = source, outcome = 'open', reason = 'not_confirmed_yet', at = now,
      count = 0, tries = 0 }
    index(':notices:all', now, id)
  end
  n.count, n.lastAt = n.count + 1, now
  return n
end

-- How long whoever received a notice has for it before it is taken up again, ms.
local NOTICE_HANDLED_WITHIN = 30000

-- Words about money that are not understood, after a notice that did move money: a record of their own, so that the first
-- one goes on saying what it did.
local function open_question(paymentId, said, reason)
  local id = redis.sha1hex(paymentId .. ' unclear')
  if said.notice ~= '' then unindex(':notices:due', said.notice) end
  if reason == 'gateway_unclear' then index(':notices:due', now + NOTICE_HANDLED_WITHIN, id) end
  return id, count_notice(id, paymentId, said.source)
end

-- What became of a notice. `said`: { source, words of the gateway, id of the notice that brought it or '' }.
-- What a repeat does is counted only: the record goes on telling what the first one did.
local function keep_notice(paymentId, orderId, said, outcome, reason)
  local id = said.notice ~= '' and said.notice or redis.sha1hex(paymentId .. ' ' .. said.source)
  local n = said.notice ~= '' and read_notice(id) or count_notice(id, paymentId, said.source)
  local done = n.outcome == 'paid' or n.outcome == 'needs_refund' or n.outcome == 'refunded'
  if done and outcome == 'unclear' then id, n = open_question(paymentId, said, reason) end
  -- What a person has decided stands: the gateway's words have not become clearer by being asked for again.
  local decided = n.decision and reason == 'gateway_unclear'
  if not (done and outcome == 'ignored') and not decided then
    n.orderId, n.outcome, n.reason = orderId, outcome, reason
    n.words = said.words ~= '' and said.words or n.words
  end
  save_notice(id, n)
  -- Words that are not understood may be clearer later.
  if said.notice ~= '' and reason ~= 'gateway_unclear' then unindex(':notices:due', id) end
end
