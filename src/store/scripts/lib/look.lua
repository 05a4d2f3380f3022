-- lib/look.lua: what is due when the call begins. Hardly ever anything is; where thousands call, what lib/due.lua needs to end
-- it is made only then (scripts.ts).

local MOST_AT_ONCE = 200 -- endings in one call: bounds how long Redis is busy with it (a few ms)
local due = redis.call('ZRANGEBYSCORE', shop .. ':deadlines', '-inf', int(now), 'WITHSCORES', 'LIMIT', 0, MOST_AT_ONCE)
