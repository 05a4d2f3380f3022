-- live_status.lua: starts or ends a live: scheduled → live → ended. Held bookings of an ended live run on.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     liveId, 'live' | 'ended'
-- Reply    { live } or { error }; the status that the live already has is no error

local id, status = ARGV[1], ARGV[2]
local l = live(id)
if not l then return refuse('NOT_FOUND') end
if l.status == status then return commit('{"live":' .. live_view(l) .. '}') end
if l.status ~= (status == 'live' and 'scheduled' or 'live') then
  return refuse('LIVE_NOT_OPEN', { status = l.status })
end

l.status = status
if status == 'live' then
  l.startedAt = now
  index(':lives:on', now, id)
  return save_live(l, 'status', status, 'startedAt', int(now))
end
l.endedAt = now
unindex(':lives:on', id)
return save_live(l, 'status', status, 'endedAt', int(now))
