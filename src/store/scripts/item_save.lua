-- item_save.lua: creates an item or changes what it shows. Stock changes go through item_restock.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     itemId; 'create' | 'patch'; the fields as a JSON object (imageUrl null takes the picture away); what the code
--          has in common with those that are the same ('' when it stays): Lua knows the case of ASCII alone
-- Reply    { item: ItemView } or { error }

local id, create, patch = ARGV[1], ARGV[2] == 'create', cjson.decode(ARGV[3])
local it = item(id)
if create then
  it = { id = id, available = patch.stock, booked = 0, allocated = 0, sold = 0, revision = 0, sequence = 0,
    open = true, code = '', sku = '', waiting = 0, head = 1, ticket = 0, public = 0 }
elseif not it then
  return refuse('NOT_FOUND')
end

-- Codes are said aloud: "a1" and "A1" are one.
local codes, code_key = shop .. ':codes', ARGV[4]
local old_key = not create and redis.call('HGET', shop .. ':item:' .. id, 'codeKey') or it.code:upper()
if code_key ~= '' and code_key ~= old_key then
  local holder = redis.call('HGET', codes, code_key)
  if holder then
    return refuse('ALREADY_EXISTS', { itemId = holder,
      issues = { { path = 'code', message = 'is taken by another item of the shop' } } })
  end
  if old_key ~= '' then later('HDEL', codes, old_key) end
  later('HSET', codes, code_key, id)
end

if patch.sku and patch.sku ~= it.sku then
  if it.sku ~= '' then unindex(':skus', it.sku .. '\n' .. id) end
  index(':skus', 0, patch.sku .. '\n' .. id)
end

local write = { 'HSET', shop .. ':item:' .. id }
if code_key ~= '' then
  write[3], write[4] = 'codeKey', code_key
end
local function field(name, stored)
  if patch[name] == nil then return end
  it[name] = patch[name]
  write[#write + 1] = name
  write[#write + 1] = stored or patch[name]
end
field('sku')
field('code')
field('name')
field('price', patch.price and int(patch.price))
-- Whoever waited for a closed item has what is there first.
if patch.open and not it.open then it.freed = true end
field('open', patch.open and '1' or '0')
if patch.imageUrl ~= nil then
  use_photo(it.imageUrl, -1)
  if patch.imageUrl ~= cjson.null then use_photo(patch.imageUrl, 1) end
  keep_uses()
end
if patch.imageUrl == cjson.null then
  it.imageUrl = nil
  later('HDEL', shop .. ':item:' .. id, 'imageUrl')
else
  field('imageUrl')
end

if create then
  for _, value in ipairs({ 'open', '1', 'createdAt', int(now) }) do write[#write + 1] = value end
  later('RPUSH', shop .. ':restocks:' .. id, cjson.encode({ quantity = patch.stock, at = now, by = 'initial' }))
  index(':items', now, id)
end
if #write > 2 then later(unpack(write)) end
touch_item(it)
show_item(it)
return commit(function() return it.offering and '{"retry":true}' or '{"item":' .. item_json(it) .. '}' end)
