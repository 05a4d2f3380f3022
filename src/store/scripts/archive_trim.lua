-- archive_trim.lua: takes the oldest entries off lists that grow at their heads, when they are still those that the archive has.
-- It stands alone, without lib/.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     JSON: { move: its number; lists: [{ suffix; before: how many entries have left it before; entries, oldest first }] }
-- Reply    { trimmed: [boolean] }, of each list: not when it is another; or { late: true } when a later move was made already: then
--          nothing is trimmed
--
-- <list>:gone counts the entries that have left: places in the list are counted from its oldest entry, with those.

local gone, asked = KEYS[1] .. ':gone', cjson.decode(ARGV[1])
if asked.move <= tonumber(redis.call('HGET', gone, 'drops') or 0) then return '{"late":true}' end
redis.call('HSET', gone, 'drops', string.format('%d', asked.move), 'dropped_at', redis.call('TIME')[1] .. '000')

local function trim(key, before, expected)
  local n = #expected
  if tonumber(redis.call('GET', key .. ':gone') or 0) ~= before then return false end
  local oldest = redis.call('LRANGE', key, -n, -1)
  for i = 1, n do
    if oldest[n + 1 - i] ~= expected[i] then return false end
  end
  redis.call('LTRIM', key, 0, -(n + 1))
  redis.call('INCRBY', key .. ':gone', n)
  return true
end

local trimmed = {}
for i, list in ipairs(asked.lists) do trimmed[i] = tostring(trim(KEYS[1] .. list.suffix, list.before, list.entries)) end
return '{"trimmed":[' .. table.concat(trimmed, ',') .. ']}'
