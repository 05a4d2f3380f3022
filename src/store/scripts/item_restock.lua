-- item_restock.lua: adds units, which go to those who wait and then to `available`, or takes them away from there; the only
-- thing that changes an item's sum.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     itemId, quantity (not 0), digest of the caller's requestId, host id
-- Reply    { item: ItemView } or { error }

local id, quantity, digest, by = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4]
local asked = 'restock ' .. id .. ' ' .. ARGV[2]
local it = item(id)
local prior = requests.made(digest)
if prior and prior ~= asked then return refuse('REQUEST_CONFLICT') end
if not it then return refuse('NOT_FOUND') end
local function shown() return '{"item":' .. item_json(it) .. '}' end
if prior then return commit(shown) end
if it.available + quantity < 0 then
  return refuse('INSUFFICIENT_STOCK', { available = it.available, waiting = it.waiting })
end
if it.available + quantity > CONSTANTS.maxStock then return refuse('VALIDATION', { quantity = 'is over the stock limit' }) end

it.available = it.available + quantity
touch_item(it)
if quantity > 0 then
  it.freed = true
  released(it, quantity, 'restocked')
end
later('RPUSH', shop .. ':restocks:' .. id, cjson.encode({ quantity = quantity, at = now, by = by }))
emit('changed', '{"restocks":["' .. id .. '"]}')
requests.keep(digest, asked)
-- What is left for the line is handed over in further calls, before the answer.
return commit(function() return it.offering and '{"retry":true}' or shown() end)
