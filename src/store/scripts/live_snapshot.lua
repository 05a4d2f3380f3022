-- live_snapshot.lua: a live with its items at one moment.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     liveId, the most held bookings to add (0 for viewers), names of the settings that viewers know
-- Reply    { live, items: [ItemView], bookings: [booking with viewer], revision, serverTime, rules } or { error }

local LOOKED_AT, STEP = 5000, 500 -- newest bookings of the live that are searched for held ones
local l, most = live(ARGV[1]), tonumber(ARGV[2])
if not l then return refuse('NOT_FOUND') end
local views, revision, held = {}, l.revision, {}
for _, itemId in ipairs(cjson.decode(l.itemIds)) do
  local it = item(itemId)
  views[#views + 1] = item_json(it)
  revision = math.max(revision, it.revision)
end

local function show_held(id)
  local b = booking(id)
  if b.status ~= 'held' or #held == most then return end
  b.viewer = brief(viewer(b.viewerId))
  held[#held + 1] = cjson.encode(b)
end

for from = 0, most > 0 and LOOKED_AT - 1 or -1, STEP do
  local ids = redis.call('LRANGE', shop .. ':bookings:live:' .. l.id, from, from + STEP - 1)
  if #ids == 0 or #held == most then break end
  local keys = {}
  for i, id in ipairs(ids) do keys[i] = shop .. ':hold:' .. id end
  -- Most of a long live's bookings have ended; whether a hold is there costs a fraction of reading the booking.
  for i, hold in ipairs(redis.call('MGET', unpack(keys))) do
    if hold then show_held(ids[i]) end
  end
end

local rules, values = {}, { settings(unpack(ARGV, 3)) }
for i, value in ipairs(values) do rules[ARGV[i + 2]:match('[^.]+$')] = value end

local reply = cjson.encode({ serverTime = now, revision = revision, rules = rules })
reply = splice(splice(reply, 'items', list_of(views)), 'bookings', list_of(held))
return commit(splice(reply, 'live', live_view(l)))
