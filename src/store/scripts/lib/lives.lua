-- lib/lives.lua: a live as it is stored and shown.
--
-- The hash livehold:{shopId}:live:<id> holds the fields shown, `itemIds` as a JSON list, and one field
-- `item:<itemId>` for each featured item, so that a booking finds out in one look whether the item is featured.

local function live(id)
  local f = redis.call('HMGET', shop .. ':live:' .. id, 'title', 'status', 'pinnedItemId', 'itemIds', 'videoUrl',
    'startedAt', 'endedAt', 'revision')
  if not f[1] then return nil end
  return { id = id, title = f[1], status = f[2], pinnedItemId = f[3] or '', itemIds = f[4], videoUrl = f[5] or '',
    startedAt = tonumber(f[6]), endedAt = tonumber(f[7]), revision = tonumber(f[8]) }
end

-- The live as JSON text, for itemIds may be an empty list.
local function live_view(l)
  return splice(cjson.encode({ liveId = l.id, title = l.title, status = l.status,
    pinnedItemId = l.pinnedItemId ~= '' and l.pinnedItemId or cjson.null,
    videoUrl = l.videoUrl ~= '' and l.videoUrl or nil, startedAt = l.startedAt, endedAt = l.endedAt }), 'itemIds',
    l.itemIds)
end

local function save_live(l, ...)
  l.revision = math.max(l.revision + 1, now)
  later('HSET', shop .. ':live:' .. l.id, 'revision', int(l.revision), ...)
  emit('live', '{"revision":' .. int(l.revision) .. ',"live":' .. live_view(l) .. '}')
  return commit('{"live":' .. live_view(l) .. '}')
end
