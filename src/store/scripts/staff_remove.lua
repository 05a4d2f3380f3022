-- staff_remove.lua: somebody is put out of the console, whether or not they had come in.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     staffId
-- Reply    { removed: true }

later('HDEL', shop .. ':staff', ARGV[1])
return commit({ removed = true })
