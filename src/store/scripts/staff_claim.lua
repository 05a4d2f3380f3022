-- staff_claim.lua: a link is opened, once.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     staffId, digest of the link's secret
-- Reply    { member } or { error }

local key = shop .. ':staff'
local record = redis.call('HGET', key, ARGV[1])
local member = record and cjson.decode(record)
if not member or member.digest ~= ARGV[2] or member.signedInAt or member.linkEndsAt <= now then
  return refuse('UNAUTHENTICATED', { link = 'was opened, has run out or was taken back' })
end
member.signedInAt, member.endsAt = now, now + math.floor(member.hours * 3600000)
later('HSET', key, ARGV[1], cjson.encode(member))
return commit({ member = member })
