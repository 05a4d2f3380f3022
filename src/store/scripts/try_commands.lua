-- try_commands.lua: which commands this user may not run, or this Redis does not know. It stands alone, without lib/, which
-- needs them.
--
-- KEYS[1]  a key of no shop, which they are tried on
-- ARGV     the commands as JSON: a list of lists of words
-- Reply    those that were refused, for whatever reason: a list of { command, what Redis said }

local refused = {}
for _, words in ipairs(cjson.decode(ARGV[1])) do
  local answer = redis.pcall(unpack(words))
  if type(answer) == 'table' and answer.err then refused[#refused + 1] = { words[1], answer.err } end
end
return #refused == 0 and '[]' or cjson.encode(refused)
