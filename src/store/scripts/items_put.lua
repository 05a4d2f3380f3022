-- items_put.lua: makes or changes items by SKU and sets their stock: all lines, or none.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     the lines as JSON: { sku, newId, codeKey?, available?, and what is to be changed }; host id; digest of the
--          caller's requestId; digest of what was asked
-- Reply    { items: [ItemView], created } or { error }; details.issues has every problem, with the line from 0

local lines, by, digest, asked = cjson.decode(ARGV[1]), ARGV[2], ARGV[3], 'put ' .. ARGV[4]
local prior = requests.made(digest)
local repeated = prior and prior:match('^(put %S+)')
if prior and repeated ~= asked then return refuse('REQUEST_CONFLICT') end

local issues, only_taken, created = {}, true, 0
local function wrong(i, field, message, is_taken)
  issues[#issues + 1] = { path = 'items.' .. int(i - 1) .. '.' .. field, line = i - 1, message = message }
  only_taken = only_taken and is_taken
end

-- The item of a SKU; false when there is none, nil when there are several.
local function item_of(sku)
  local members = redis.call('ZRANGE', shop .. ':skus', '[' .. sku .. '\n', '(' .. sku .. '\v', 'BYLEX', 'LIMIT', 0, 2)
  if members[2] then return nil end
  return members[1] and item(members[1]:sub(#sku + 2)) or false
end

local function item_for(i, line)
  local it = item_of(line.sku)
  if it then return it end
  if it == nil then return wrong(i, 'sku', 'is that of several items') end
  for _, field in ipairs({ 'code', 'name', 'price' }) do
    if line[field] == nil then wrong(i, field, 'is needed for a new item') end
  end
  created = created + 1
  return new_item(line.newId, line.available or 0, 'initial')
end

local function set_stock(it, available)
  if not available or available == it.available then return false end
  local quantity = available - it.available
  it.available = available
  if quantity > 0 then
    it.freed = true
    released(it, quantity, 'restocked')
  end
  later('RPUSH', shop .. ':restocks:' .. it.id, cjson.encode({ quantity = quantity, at = now, by = by }))
  emit('changed', '{"restocks":["' .. it.id .. '"]}')
  return true
end

local saved = {}
local function reply()
  local views = {}
  for i, it in ipairs(saved) do
    -- What is left for a line is handed over in further calls, before the answer.
    if it.offering then return '{"retry":true}' end
    views[i] = item_json(it)
  end
  return splice('{"created":' .. int(created) .. '}', 'items', list_of(views))
end

if repeated then
  created = tonumber(prior:match('(%d+)$'))
  for i, line in ipairs(lines) do saved[i] = item_of(line.sku) or nil end
  return commit(reply)
end

local wanted, line_of = {}, {}
for i, line in ipairs(lines) do
  local it = item_for(i, line)
  if it then
    saved[i] = it
    if line.codeKey and line.code ~= it.code then
      wanted[#wanted + 1] = { it, line.codeKey }
      line_of[#wanted] = i
    end
  end
end
for _, conflict in ipairs(move_codes(wanted)) do
  wrong(line_of[conflict[1]], 'code', 'is taken by another item of the shop', true)
end
if #issues > 0 then
  begin_unit()
  return refuse(only_taken and 'ALREADY_EXISTS' or 'VALIDATION', { issues = issues })
end

for i, line in ipairs(lines) do
  local it = saved[i]
  local restocked = set_stock(it, line.available)
  local changed = change_item(it, line)
  if restocked or changed then touch_item(it) end
  if changed then show_item(it) end
end
keep_uses()
requests.keep(digest, asked .. ' ' .. int(created))
return commit(reply)
