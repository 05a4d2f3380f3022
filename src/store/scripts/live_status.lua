-- live_status.lua: starts or ends a live: scheduled → live → ended, and live again. Held bookings of an ended live run on.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     liveId, 'live' | 'ended'
-- Reply    { live } or { error }; the status that the live already has is no error

local id, status = ARGV[1], ARGV[2]
local l = live(id)
if not l then return refuse('NOT_FOUND') end
if l.status == status then return commit('{"live":' .. live_view(l) .. '}') end
if status == 'ended' and l.status ~= 'live' then return refuse('LIVE_NOT_OPEN', { status = l.status }) end

l.status = status
local function emit_live_fact(what) emit('fact', '{"type":"' .. what .. '","data":{"live":' .. live_view(l) .. '}}') end
if status == 'live' then
  l.startedAt, l.endedAt = l.startedAt or now, nil
  index(':lives:on', now, id)
  later('HDEL', shop .. ':live:' .. id, 'endedAt')
  emit_live_fact('live.started')
  return save_live(l, 'status', status, 'startedAt', int(l.startedAt))
end
l.endedAt = now
unindex(':lives:on', id)
emit_live_fact('live.ended')
-- How long the lines were in the end, before they go.
for _, itemId in ipairs(cjson.decode(l.itemIds)) do
  local it = item(itemId)
  if it and it.waiting > 0 and it.unpublished then publish_stock(it) end
end
-- Whoever waits in it waits in vain; lib/due.lua says so to them, many at a time.
index(':deadlines', now, 'drop:' .. id)
return save_live(l, 'status', status, 'endedAt', int(now))
