-- audience_report.lua: one server's count of sockets in a live, and the sum over all servers that reported lately. Times are
-- Redis's, for the servers' clocks may differ.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     liveId; id of the server; its count ('' = report nothing)
-- Reply    { viewers }

local FRESH = 15000 -- ms for which a report counts: a server that died falls out by itself
local key, sum = shop .. ':audience:' .. ARGV[1], 0
if ARGV[3] ~= '' then
  redis.call('HSET', key, ARGV[2], ARGV[3] .. ' ' .. int(now))
  redis.call('PEXPIRE', key, FRESH)
end
for _, report in ipairs(redis.call('HVALS', key)) do
  local viewers, at = report:match('^(%d+) (%d+)$')
  if viewers and now - at < FRESH then sum = sum + viewers end
end
return string.format('{"viewers":%d}', sum)
