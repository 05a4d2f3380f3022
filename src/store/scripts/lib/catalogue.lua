-- lib/catalogue.lua: what the scripts that keep photos, or save items, have in common; it stands before those alone.
--
-- livehold:{shopId}:photo:<name>   a picture, base64; the name is a digest of it and its type: '<digest>.webp'
-- livehold:{shopId}:photos         hash: 'bytes', what all of them take; '<name> size'; '<name> uses', the items that have it
-- livehold:{shopId}:photos:unused  sorted set of those that no item has, by since when

local uses = {} -- by name: how many items more, or fewer, have the photo

-- Notes that an item has the picture from now on (by = 1), or has it no longer (-1). Others' addresses are not counted.
local function use_photo(url, by)
  local owner, name = (url or ''):match('^/photos/([^/]+)/([^/]+)$')
  if owner and owner == shop:match('{(.*)}') then uses[name] = (uses[name] or 0) + by end
end

-- To be called before commit().
local function keep_uses()
  for name, by in pairs(uses) do
    local size, before = unpack(redis.call('HMGET', shop .. ':photos', name .. ' size', name .. ' uses'))
    if size and by ~= 0 then
      local count = tonumber(before or 0) + by
      later('HSET', shop .. ':photos', name .. ' uses', int(count))
      if count == 0 then index(':photos:unused', now, name) else unindex(':photos:unused', name) end
    end
  end
end
