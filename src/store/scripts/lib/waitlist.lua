-- lib/waitlist.lua: the waiting line of an item. Units that come free go to those who wait, in the order of their tickets,
-- in the same unit of work that frees them.
--
-- livehold:{shopId}:waiting:<itemId>       sorted set by ticket: '<quantity> <entryId>'
-- livehold:{shopId}:waiting:live:<liveId>  the same for a live: '<itemId> <quantity> <entryId>'
-- livehold:{shopId}:entry:<entryId>        the entry as JSON; kept for two days after its end
--
-- What one unit of work hands over is bounded, for Redis does nothing else meanwhile. What is left over stays counted as
-- `booked`, and `serve:<itemId>` stands in `deadlines` as due: lib/due.lua goes on with it before any script judges
-- anything, so nobody gets in between. The item's `offering` then says '<units> <ticket to go on after> <reason>'.

local MOST_WAITS = 20 -- places in lines that one viewer may have
local LOOKED_AT = 500 -- entries passed over in one unit of work
local ENTRY_KEPT = 172800 -- s

local function entry(id)
  if entries[id] then return entries[id] end
  local text = redis.call('GET', shop .. ':entry:' .. id)
  if not text then return nil end
  entries[id] = cjson.decode(text)
  return entries[id]
end

local ENTRY = '{"entryId":"%s","liveId":"%s","itemId":"%s","viewerId":"%s","quantity":%d,"ticket":%d,"status":"%s"%s,'
  .. '"createdAt":%d}'
local function entry_json(e)
  local more = (e.reason and ',"reason":"' .. e.reason .. '"' or '')
    .. (e.bookingId and ',"bookingId":"' .. e.bookingId .. '"' or '')
  return string.format(ENTRY, e.entryId, e.liveId, e.itemId, e.viewerId, e.quantity, e.ticket, e.status, more,
    e.createdAt)
end

local function join_line(id, v, it, liveId, quantity)
  it.ticket = it.ticket + 1
  local e = { entryId = id, liveId = liveId, itemId = it.id, viewerId = v.id, quantity = quantity, ticket = it.ticket,
    status = 'waiting', createdAt = now }
  local member, encoded = int(quantity) .. ' ' .. id, entry_json(e)
  entries[id] = e
  later('SET', shop .. ':entry:' .. id, encoded)
  index(':waiting:' .. it.id, e.ticket, member)
  index(':waiting:live:' .. liveId, e.ticket, it.id .. ' ' .. member)
  it.waiting, it.line_changed = it.waiting + 1, true
  touch_item(it)
  set_wait(v, id, it.id)
  emit_to(v, 'waitlist', '{"entry":' .. encoded .. '}')
  return e
end

-- Takes an entry out of the line: it is `served` (bookingId), `left` or `dropped` (reason).
local function end_entry(e, status, reason, bookingId)
  local it, v = item(e.itemId), viewer(e.viewerId)
  local member = int(e.quantity) .. ' ' .. e.entryId
  e.status, e.reason, e.bookingId = status, reason, bookingId
  unindex(':waiting:' .. e.itemId, member)
  unindex(':waiting:live:' .. e.liveId, e.itemId .. ' ' .. member)
  it.waiting, it.line_changed = it.waiting - 1, true
  touch_item(it)
  set_wait(v, e.entryId, nil)
  later('SET', shop .. ':entry:' .. e.entryId, entry_json(e), 'EX', ENTRY_KEPT)
  emit_to(v, 'waitlist', '{"entry":' .. entry_json(e) .. '}')
end

-- Gives the entry its units, or drops it when its viewer may not have them now.
local function serve_entry(e, it)
  local v = viewer(e.viewerId)
  recover(v)
  local code = judge(v, it, e.liveId, e.quantity)
  if code then return end_entry(e, 'dropped', code) end
  local _, timeout = limits_of(v)
  local lifetime = math.min(minutes(timeout), minutes(settings('booking.waitlistOfferMinutes')))
  local bookingId = 'bk_w' .. e.entryId:sub(4)
  hold(bookingId, v, it, e.liveId, e.quantity, 'waitlist', lifetime)
  end_entry(e, 'served', nil, bookingId)
end

-- Walks the line from a ticket on while there are units. Answers where it stopped when there is more to do, else nil.
local function walk_line(it, from)
  local looked = 0
  while it.available > 0 do
    local part = redis.call('ZRANGEBYSCORE', shop .. ':waiting:' .. it.id, '(' .. int(from), '+inf', 'WITHSCORES',
      'LIMIT', 0, 50)
    for i = 1, #part, 2 do
      if it.available == 0 then return nil end
      if serves_left == 0 or looked == LOOKED_AT then return from end
      local quantity, id = part[i]:match('^(%d+) (.+)$')
      from, looked = tonumber(part[i + 1]), looked + 1
      -- One that wants more than is there is passed over, and keeps its place.
      local e = tonumber(quantity) <= it.available and entry(id)
      if e and e.status == 'waiting' then
        serves_left = serves_left - 1
        serve_entry(e, it)
      end
    end
    if #part < 100 then return nil end
  end
end

local function first_reason(it)
  for _, name in ipairs(release_order) do
    if releases[name].it == it then return releases[name].reason end
  end
  return 'restocked'
end

-- Published is what the public can book: no more than is there now beyond what was there before.
local function trim_releases(it)
  local public = math.max(0, it.available - it.public)
  for _, name in ipairs(release_order) do
    local r = releases[name]
    if r.it == it then
      r.quantity = math.min(r.quantity, public)
      public = public - r.quantity
    end
  end
end

-- Hands units that came free to those who wait. commit() calls it for every item that has changed.
function serve_line(it)
  local pending, from, reason = (it.offering or ''):match('^(%d+) (%d+) (%S+)$')
  if not (it.freed or pending) or (it.waiting == 0 and not pending) then return end
  if pending then
    it.booked, it.available = it.booked - pending, it.available + pending
    released(it, tonumber(pending), reason)
  end
  -- What came free since may be enough for those passed over before.
  local stopped_at = it.open and walk_line(it, it.freed and 0 or tonumber(from)) or nil
  if stopped_at then
    local public = math.min(it.available, it.public)
    it.offering = string.format('%d %d %s', it.available - public, stopped_at, first_reason(it))
    it.booked, it.available = it.booked + it.available - public, public
    index(':deadlines', now, 'serve:' .. it.id)
  elseif pending then
    it.offering = nil
    unindex(':deadlines', 'serve:' .. it.id)
  end
  it.line_changed = true
  trim_releases(it)
end

-- Drops the entries of a live that is over, at most `limit`; answers how many.
local function drop_entries(liveId, limit)
  local members = redis.call('ZRANGE', shop .. ':waiting:live:' .. liveId, 0, limit - 1)
  for _, member in ipairs(members) do
    local e = entry(member:match('(%S+)$'))
    if e and e.status == 'waiting' then
      end_entry(e, 'dropped', 'LIVE_NOT_OPEN')
    else
      -- Whatever else might stand here must not be met again with every call.
      unindex(':waiting:live:' .. liveId, member)
    end
  end
  if #members < limit then unindex(':deadlines', 'drop:' .. liveId) end
  return #members
end
