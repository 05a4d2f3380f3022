-- change_keep.lua: a host is about to change something.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     changeId; { by, name?, call, id?, fields } as JSON
-- Reply    { kept: true }

local KEPT, MOST = 90 * 86400, 10000 -- s, changes
local record = cjson.decode(ARGV[2])
record.changeId, record.at = ARGV[1], now
later('SET', shop .. ':change:' .. ARGV[1], cjson.encode(record), 'EX', KEPT)
index(':changes', now, ARGV[1])
later('ZREMRANGEBYRANK', shop .. ':changes', 0, -1 - MOST)
later('ZREMRANGEBYSCORE', shop .. ':changes', '-inf', int(now - KEPT * 1000))
return commit({ kept = true })
