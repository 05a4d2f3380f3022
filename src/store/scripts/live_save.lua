-- live_save.lua: creates a live or changes what it shows.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     liveId; 'create' | 'patch'; the fields as a JSON object (null takes one away);
--          itemIds as a JSON list ('' = unchanged)
-- Reply    { live } or { error }

local id, create, patch, itemIds = ARGV[1], ARGV[2] == 'create', cjson.decode(ARGV[3]), ARGV[4]
local l = live(id)
if create then
  l = { id = id, title = '', status = 'scheduled', pinnedItemId = '', itemIds = '[]', videoUrl = '', revision = 0 }
elseif not l then
  return refuse('NOT_FOUND')
end

local function field(name, value)
  if value == nil then return end
  l[name] = value == cjson.null and '' or value
end
field('title', patch.title)
field('videoUrl', patch.videoUrl)
field('pinnedItemId', patch.pinnedItemId)

local before = cjson.decode(l.itemIds)
if itemIds ~= '' then l.itemIds = itemIds end
local featured = {}
for _, itemId in ipairs(cjson.decode(l.itemIds)) do
  if itemIds ~= '' and redis.call('EXISTS', shop .. ':item:' .. itemId) == 0 then
    return refuse('NOT_FOUND', { itemId = itemId })
  end
  featured[itemId] = true
end
if l.pinnedItemId ~= '' and not featured[l.pinnedItemId] then
  if patch.pinnedItemId and redis.call('EXISTS', shop .. ':item:' .. l.pinnedItemId) == 0 then
    return refuse('NOT_FOUND', { itemId = l.pinnedItemId })
  end
  if patch.pinnedItemId then return refuse('VALIDATION', { pinnedItemId = 'is not featured in this live' }) end
  l.pinnedItemId = ''
end

if create then
  later('HSET', shop .. ':live:' .. id, 'status', 'scheduled', 'createdAt', int(now))
  index(':lives', now, id)
end
if itemIds ~= '' then
  for _, itemId in ipairs(before) do later('HDEL', shop .. ':live:' .. id, 'item:' .. itemId) end
  for itemId in pairs(featured) do later('HSET', shop .. ':live:' .. id, 'item:' .. itemId, '1') end
end
-- Who is in the live learns of the items that are new to it.
local known = {}
for _, itemId in ipairs(before) do known[itemId] = true end
for itemId in pairs(featured) do
  if not known[itemId] then show_item(item(itemId)) end
end
return save_live(l, 'title', l.title, 'videoUrl', l.videoUrl, 'pinnedItemId', l.pinnedItemId, 'itemIds', l.itemIds)
