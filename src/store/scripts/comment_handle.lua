-- comment_handle.lua: books what a comment asks for, for who wrote it; or waits for it where it is sold out.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     digest of source and commentId; the handle; id for a viewer who has no handle yet; name; the comment as JSON,
--          whose `wishes` are { code, itemId?, quantity?, digest }: without a quantity it is only named, without an item
--          no item has the code
-- Reply    { comment, with its outcomes; repeated, when it had been handled before } or { error }
--
-- livehold:{shopId}:comment:<digest>    the comment as it was handled; kept for two days
-- livehold:{shopId}:commented:<handle>  digests of the comments of one who wrote; until two days after the last

local key, handle, new_id, name, comment = shop .. ':comment:' .. ARGV[1], ARGV[2], ARGV[3], ARGV[4], cjson.decode(ARGV[5])
local prior = redis.call('GET', key)
if prior then return commit('{"repeated":true,"comment":' .. prior .. '}') end
if not live_status(comment.liveId) then return refuse('NOT_FOUND') end

local v
local function author()
  if v then return v end
  local id = redis.call('HGET', shop .. ':handles', handle)
  if not id then
    id = new_id
    later('HSET', shop .. ':handles', handle, id)
  end
  v = open_viewer(id, name, false)
  return v
end

local function refused(code, details) return { outcome = 'refused', error = { code = code, details = details } } end

-- Sold out: a place in the line, if there may be one.
local function wait(w, it)
  if not settings('booking.waitlist') then return refused('SOLD_OUT', { available = 0, waiting = it.waiting }) end
  local places = 0
  for entryId, waitsFor in pairs(waits_of(v)) do
    if waitsFor == it.id then return refused('ALREADY_EXISTS', { entryId = entryId }) end
    places = places + 1
  end
  if places >= MOST_WAITS then return refused('MAX_BOOKINGS', { limit = MOST_WAITS, waiting = places }) end
  local e = join_line('wl_' .. w.digest, v, it, comment.liveId, w.quantity)
  return { outcome = 'waiting', entry = cjson.decode(entry_json(e)) }
end

local function book(w, it)
  author()
  local id = 'bk_' .. w.digest
  -- Handled so long ago that only its booking is left.
  if booking(id) then return { outcome = 'booked', booking = booking(id) } end
  local code, details = judge(v, it, comment.liveId, w.quantity)
  if code then return refused(code, details) end
  if it.available == 0 then return wait(w, it) end
  if it.available < w.quantity then return refused('INSUFFICIENT_STOCK', { available = it.available, waiting = it.waiting }) end
  local _, timeout = limits_of(v)
  local _, encoded = hold(id, v, it, comment.liveId, w.quantity, 'host', minutes(timeout))
  return { outcome = 'booked', booking = cjson.decode(encoded) }
end

local function outcome_of(w)
  local it = w.itemId and item(w.itemId)
  if not it then return refused('NOT_FOUND') end
  if not w.quantity then return { outcome = 'ignored' }, it end
  return book(w, it), it
end

local outcomes = {}
for i, w in ipairs(comment.wishes) do
  local o, it = outcome_of(w)
  o.code = it and it.code or w.code
  if it then o.name, o.available = it.name, it.available end
  outcomes[i] = cjson.encode(o)
end
if #outcomes == 0 then outcomes[1] = '{"outcome":"ignored"}' end

comment.wishes, comment.at, comment.viewerId = nil, now, v and v.id
local handled = splice(cjson.encode(comment), 'outcomes', list_of(outcomes))
later('SET', key, handled, 'EX', CONSTANTS.requestKept)
later('LPUSH', shop .. ':commented:' .. handle, ARGV[1])
later('EXPIRE', shop .. ':commented:' .. handle, CONSTANTS.requestKept)
-- Talk that names no item makes no event.
if outcomes[1] ~= '{"outcome":"ignored"}' then
  local payload = '{"comment":' .. handled .. '}'
  if v then emit_to(v, 'comment', payload) else emit('question', payload) end
end
return commit('{"comment":' .. handled .. '}')
