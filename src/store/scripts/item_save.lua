-- item_save.lua: creates an item or changes what it shows. Stock changes go through item_restock.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     itemId; 'create' | 'patch'; the fields as a JSON object (imageUrl null takes the picture away); what the code
--          has in common with those that are the same ('' when it stays): Lua knows the case of ASCII alone
-- Reply    { item: ItemView } or { error }

local id, create, patch, code_key = ARGV[1], ARGV[2] == 'create', cjson.decode(ARGV[3]), ARGV[4]
local it = create and new_item(id, patch.stock, 'initial') or item(id)
if not it then return refuse('NOT_FOUND') end

local taken = move_codes(code_key ~= '' and { { it, code_key } } or {})
if taken[1] then
  begin_unit()
  return refuse('ALREADY_EXISTS', { itemId = taken[1][2],
    issues = { { path = 'code', message = 'is taken by another item of the shop' } } })
end

change_item(it, patch)
keep_uses()
touch_item(it)
show_item(it)
return commit(function() return it.offering and '{"retry":true}' or '{"item":' .. item_json(it) .. '}' end)
