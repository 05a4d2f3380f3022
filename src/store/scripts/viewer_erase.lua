-- viewer_erase.lua: takes what says who a viewer is out of the shop's records, a bounded part with each call. The id stays, for
-- sums, ledgers and the audit go by it; events_erase.lua ends it.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     viewerId; which part: 'who' | 'orders' | 'ledger' | 'handles'; JSON of the part: orders { before, from }, ledger
--          { from }, handles [handle]
-- Reply    { more: whether the part goes on, next: `from` of the next call, '' for the first; now } or { error }
--
-- Records leave Redis meanwhile: `from` is a place that is the same after that, an order's time and id, an entry's number.
--
-- A viewer without the field `name` is one who was erased. The name of a token is taken again with the next booking or place
-- in line: a page that was left open brings nobody back.

local STEP = 100
local id, part, asked = ARGV[1], ARGV[2], cjson.decode(ARGV[3])
local key, v = shop .. ':viewer:' .. ARGV[1], viewer(ARGV[1])
if not v then
  -- A guest who never booked has no record. What they said of parcels, and a link of theirs, last a day.
  local said, link = shop .. ':recipient:' .. id, shop .. ':link:' .. id
  if part == 'who' and redis.call('EXISTS', said, link) == 0 then return refuse('NOT_FOUND') end
  later('DEL', said, link)
  return commit({ more = false, next = '', now = now })
end

local function done(more, next) return commit({ more = more, next = next or '', now = now }) end

-- Money that must go back to the viewer, by open refunds.
local function refunds_open()
  local n, ids = 0, redis.call('ZRANGE', shop .. ':refunds:open', 0, -1)
  for i = 1, #ids, PART do
    local keys = {}
    for j = i, math.min(i + PART - 1, #ids) do keys[#keys + 1] = shop .. ':refund:' .. ids[j] end
    for _, record in ipairs(redis.call('MGET', unpack(keys))) do
      if record and cjson.decode(record).viewerId == id then n = n + 1 end
    end
  end
  return n
end

-- Nobody is erased whom the shop still holds goods for, waits for money of, or owes money.
local function erase_who()
  local open, unpaid = refunds_open(), wholly(v).unpaid
  if v.carried + unpaid + open > 0 then
    return refuse('VIEWER_BUSY', { bookings = v.carried, orders = unpaid, refunds = open })
  end
  for entryId in pairs(waits_of(v)) do end_entry(entry(entryId), 'left') end
  v.name, v.erased = '', true
  later('HDEL', key, 'name', 'recipient')
  later('HSET', key, 'erasedAt', int(now))
  later('DEL', shop .. ':link:' .. id)
  return done(false)
end

local function erase_note(refund_id)
  local r = read_refund(refund_id)
  if not r or not r.doneNote then return end
  r.doneNote = nil
  later('SET', shop .. ':refund:' .. refund_id, cjson.encode(r))
end

-- Whom they went to, and what was written to them by hand. Sums, invoice number and tracking stay.
local function erase_order(order_id)
  later('HDEL', shop .. ':order:' .. order_id, 'recipient', 'note', 'hostNote')
  for _, refund_id in ipairs(words_of(redis.call('HGET', shop .. ':order:' .. order_id, 'refunds') or '')) do
    erase_note(refund_id)
  end
end

local function erase_orders()
  local at, last = asked.from:match('^(%d+) (.+)$')
  local list = redis.call('ZRANGEBYSCORE', shop .. ':orders:viewer:' .. id, at or '-inf', asked.before, 'WITHSCORES', 'LIMIT',
    0, 2 * STEP)
  local n, next = 0, asked.from
  for i = 1, #list, 2 do
    local order_id, score = list[i], list[i + 1]
    if n == STEP then return done(true, next) end
    if not at or score ~= at or order_id > last then
      n, next = n + 1, score .. ' ' .. order_id
      erase_order(order_id)
    end
  end
  return done(#list == 4 * STEP, next)
end

-- The reasons that hosts wrote beside corrections, from the oldest entry on.
local function erase_ledger()
  local ledger = shop .. ':ledger:' .. id
  local gone = tonumber(redis.call('GET', ledger .. ':gone') or 0)
  local from = math.max(tonumber(asked.from) or 0, gone) - gone
  local rows = redis.call('LRANGE', ledger, -(from + STEP), -(from + 1))
  for i, row in ipairs(rows) do
    local e = cjson.decode(row)
    if e.note then
      e.note = nil
      later('LSET', ledger, int(-(from + #rows - i + 1)), cjson.encode(e))
    end
  end
  return done(#rows == STEP, int(gone + from + #rows))
end

-- What a comment came to stays, so that its repeat does nothing.
local function erase_comment(digest)
  local comment = shop .. ':comment:' .. digest
  local record = redis.call('GET', comment)
  if not record then return end
  local kept = cjson.decode(record)
  kept.authorId, kept.authorName, kept.text = '', '', ''
  later('SET', comment, cjson.encode(kept), 'KEEPTTL')
end

local function erase_handles()
  for _, handle in ipairs(asked) do
    if redis.call('HGET', shop .. ':handles', handle) == id then later('HDEL', shop .. ':handles', handle) end
    local comments = shop .. ':commented:' .. handle
    for _, digest in ipairs(redis.call('LRANGE', comments, 0, -1)) do erase_comment(digest) end
    later('DEL', comments)
  end
  return done(false)
end

local PARTS = { who = erase_who, orders = erase_orders, ledger = erase_ledger, handles = erase_handles }
return PARTS[part]()
