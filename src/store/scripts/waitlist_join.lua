-- waitlist_join.lua: gives a viewer a place in the line of an item that is sold out. Judged like a booking.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     entryId, viewerId, viewerName, '1' for a guest, liveId, itemId, quantity. entryId is 'wl_' plus the digest of
--          viewer and requestId.
-- Reply    { entry, item } or { error }

local id, viewerId, name, guest, liveId, itemId = unpack(ARGV)
local quantity, digest = tonumber(ARGV[7]), id:sub(4)
local asked = 'wait ' .. liveId .. ' ' .. itemId .. ' ' .. ARGV[7]
local it = item(itemId)
local function reply(encoded)
  return commit(function() return '{"entry":' .. encoded .. ',"item":' .. item_json(it) .. '}' end)
end

local prior = requests.made(digest)
if prior then
  -- The first outcome again, kept behind what was asked.
  if prior:sub(1, #asked + 1) == asked .. '\n' then return reply(prior:sub(#asked + 2)) end
  return refuse('REQUEST_CONFLICT')
end

local v = open_viewer(viewerId, name, guest == '1')
if not settings('booking.waitlist') then return refuse('FORBIDDEN', { reason = 'waitlist' }) end
for entryId, waitsFor in pairs(waits_of(v)) do
  if waitsFor == itemId then return refuse('ALREADY_EXISTS', { entryId = entryId }) end
end
local code, details = judge(v, it, liveId, quantity)
if code then return refuse(code, details) end
local places = 0
for _ in pairs(waits_of(v)) do places = places + 1 end
if places >= MOST_WAITS then return refuse('MAX_BOOKINGS', { limit = MOST_WAITS, waiting = places }) end
if it.available >= quantity then return refuse('IN_STOCK', { available = it.available }) end

local encoded = entry_json(join_line(id, v, it, liveId, quantity))
requests.keep(digest, asked .. '\n' .. encoded)
return reply(encoded)
