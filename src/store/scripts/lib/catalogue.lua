-- lib/catalogue.lua: what the scripts that save items, or keep their photos, have in common; it stands before those alone.
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

-- Codes are said aloud: "a1" and "A1" are one. livehold:{shopId}:codes has the item of each, by what it has in common with
-- those that are the same.
local codes = shop .. ':codes'

-- Gives items the codes that `wanted` lists as { it, key }, each key once; they may exchange theirs. Answers the conflicts:
-- { i, id of the item that has the code }.
local function move_codes(wanted)
  local moves, left, taken = {}, {}, {}
  for i, w in ipairs(wanted) do
    local it = w[1]
    local old = not it.is_new and (redis.call('HGET', shop .. ':item:' .. it.id, 'codeKey') or it.code:upper()) or ''
    if old ~= w[2] then
      moves[#moves + 1] = { i, it.id, w[2] }
      left[old] = true
    end
  end
  for _, move in ipairs(moves) do
    local holder = not left[move[3]] and redis.call('HGET', codes, move[3])
    if holder then taken[#taken + 1] = { move[1], holder } end
  end
  for old in pairs(left) do
    if old ~= '' then later('HDEL', codes, old) end
  end
  for _, move in ipairs(moves) do
    later('HSET', codes, move[3], move[2])
    later('HSET', shop .. ':item:' .. move[2], 'codeKey', move[3])
  end
  return taken
end

local function new_item(id, stock, by)
  local it = { id = id, is_new = true, available = stock, booked = 0, allocated = 0, sold = 0, revision = 0, sequence = 0,
    open = true, code = '', sku = '', waiting = 0, head = 1, ticket = 0, public = 0,
    published_at = 0 }
  items[id] = it
  later('HSET', shop .. ':item:' .. id, 'open', '1', 'createdAt', int(now))
  later('RPUSH', shop .. ':restocks:' .. id, cjson.encode({ quantity = stock, at = now, by = by }))
  emit('changed', '{"restocks":["' .. id .. '"]}')
  index(':items', now, id)
  return it
end

-- Takes over the fields of `patch` that differ; answers whether any did. Codes are for move_codes(), too.
local function change_item(it, patch)
  local key, write = shop .. ':item:' .. it.id, {}
  if patch.sku and patch.sku ~= it.sku then
    if it.sku ~= '' then unindex(':skus', it.sku .. '\n' .. it.id) end
    index(':skus', 0, patch.sku .. '\n' .. it.id)
  end
  -- Whoever waited for a closed item has what is there first.
  if patch.open and not it.open then it.freed = true end
  for _, name in ipairs({ 'sku', 'code', 'name', 'price', 'open', 'imageUrl' }) do
    local value = patch[name]
    if value == cjson.null then value = it[name] end
    if value ~= nil and value ~= it[name] then
      if name == 'imageUrl' then use_photo(it.imageUrl, -1) use_photo(value, 1) end
      it[name] = value
      if name == 'price' then value = int(value) elseif name == 'open' then value = value and '1' or '0' end
      write[#write + 1] = name
      write[#write + 1] = value
    end
  end
  local bare = patch.imageUrl == cjson.null and it.imageUrl ~= nil
  if bare then
    use_photo(it.imageUrl, -1)
    it.imageUrl = nil
    later('HDEL', key, 'imageUrl')
  end
  if #write > 0 then later('HSET', key, unpack(write)) end
  return bare or #write > 0
end
