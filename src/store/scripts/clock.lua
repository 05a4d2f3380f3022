-- clock.lua: Redis's clock, the only judge of time, for what compares a stored time outside of a script. It stands alone,
-- without lib/.
--
-- KEYS[1]  any key: of a cluster, the node that has it answers
-- Reply    { now }: epoch ms

local clock = redis.call('TIME')
return string.format('{"now":%d}', clock[1] * 1000 + math.floor(clock[2] / 1000))
