-- change_drop.lua: what a host was about to change was refused.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     changeId
-- Reply    { dropped: true }

later('DEL', shop .. ':change:' .. ARGV[1])
unindex(':changes', ARGV[1])
return commit({ dropped = true })
