-- clock.lua: Redis's clock, the only judge of time, for what compares a stored time outside of a script.
--
-- KEYS[1]  livehold:{shopId}
-- Reply    { now }: epoch ms

return string.format('{"now":%d}', now)
