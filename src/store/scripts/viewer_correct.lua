-- viewer_correct.lua: the host's own correction of a reputation, with the host's reason beside it in the ledger.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     viewerId, points, the host's reason, digest of the caller's requestId
-- Reply    { viewer } or { error }

local viewerId, points, reason, digest = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4]
local asked = 'correct ' .. viewerId .. ' ' .. ARGV[2] .. ' ' .. redis.sha1hex(reason)
local v, prior = viewer(viewerId), requests.made(digest)
if prior and prior ~= asked then return refuse('REQUEST_CONFLICT') end
if not v then return refuse('NOT_FOUND') end
if not prior then
  change_reputation(v, points, 'corrected', 'correction:' .. digest, reason)
  requests.keep(digest, asked)
end
local shown = brief(v)
shown.status = v.status
return commit({ viewer = shown })
