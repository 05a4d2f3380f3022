-- staff_add.lua: lets somebody into the console by a link; those whose link or sign-in has run out make room.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     staffId; { name, staff, by, byName? } as JSON; digest of the link's secret; hours of a sign-in; the most there may be
-- Reply    { member } or { error }

local LINK_LASTS = 600000 -- ms
local key, count = shop .. ':staff', 0
local fields = redis.call('HGETALL', key)
for i = 1, #fields, 2 do
  local other = cjson.decode(fields[i + 1])
  if (other.endsAt or other.linkEndsAt) <= now then later('HDEL', key, fields[i]) else count = count + 1 end
end
if count >= tonumber(ARGV[5]) then return refuse('VALIDATION', { staff = 'are too many; remove somebody first' }) end
local member = cjson.decode(ARGV[2])
member.staffId, member.at, member.linkEndsAt = ARGV[1], now, now + LINK_LASTS
member.digest, member.hours = ARGV[3], tonumber(ARGV[4])
later('HSET', key, member.staffId, cjson.encode(member))
return commit({ member = member })
