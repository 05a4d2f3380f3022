-- live_snapshot.lua: a live with its items at one moment.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     liveId, the most held bookings to add (0 for viewers)
-- Reply    { live, items: [ItemView], bookings: [booking with viewer], revision, serverTime, rules }, { error }
--          or { retry: true }

if settle_due(200) then return commit({ retry = true }) end

local LOOKED_AT = 5000 -- newest deadlines of the shop that are searched for this live's bookings
local l, most = live(ARGV[1]), tonumber(ARGV[2])
if not l then return refuse('NOT_FOUND') end
local views, revision, held = {}, l.revision, {}
for _, itemId in ipairs(cjson.decode(l.itemIds)) do
  local it = item(itemId)
  views[#views + 1] = item_json(it)
  revision = math.max(revision, it.revision)
end

if most > 0 then
  for _, member in ipairs(redis.call('ZREVRANGE', shop .. ':deadlines', 0, LOOKED_AT - 1)) do
    local id = member:match('^booking:(.*)$')
    local b = id and booking(id)
    if b and b.status == 'held' and b.liveId == l.id then
      b.viewer = brief(viewer(b.viewerId))
      held[#held + 1] = cjson.encode(b)
      b.viewer = nil
      if #held == most then break end
    end
  end
end

local rules = {}
rules.bookingTimeoutMinutes, rules.cancelPenaltyPerItem, rules.minReputation = settings(
  'booking.bookingTimeoutMinutes', 'booking.cancelPenaltyPerItem', 'booking.minReputation')
rules.maxItemQuantity, rules.totalItemCart = settings('order.maxItemQuantity', 'order.totalItemCart')

local reply = cjson.encode({ serverTime = now, revision = revision, rules = rules })
reply = splice(splice(reply, 'items', list_of(views)), 'bookings', list_of(held))
return commit(splice(reply, 'live', live_view(l)))
