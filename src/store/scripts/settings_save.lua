-- settings_save.lua: changes settings of the shop, all of them at one moment. They were validated before.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     path, value as it is stored; and so on
-- Reply    { settings: { path: value } }, all that are stored
--
-- Where the change may be one of what viewers may do, the stream gets the rules before it, so that every server can find
-- out whose rights have changed: rights_changed.lua.

local before, of_bookings = cjson.encode(rules()), false
for i = 1, #ARGV, 2 do of_bookings = of_bookings or ARGV[i]:sub(1, 8) == 'booking.' end
if #ARGV > 0 then later('HSET', shop .. ':settings', unpack(ARGV)) end
if of_bookings then emit('rules', '{"before":' .. before .. '}') end
return commit(function()
  local stored, fields = redis.call('HGETALL', shop .. ':settings'), {}
  for i = 1, #stored, 2 do fields[stored[i]] = stored[i + 1] end
  return cjson.encode({ settings = fields })
end)
