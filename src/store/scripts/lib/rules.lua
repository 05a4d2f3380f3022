-- lib/rules.lua: what a viewer may do. A booking, a place in a waiting line and a unit offered from it are judged alike.

local MOST_HELD = 200 -- bookings that anybody may hold, whatever the settings say: bounds what a cart costs

local known_rules
local function rules()
  if known_rules then return known_rules end
  local r = {}
  r.timeout, r.min_reputation, r.max_bookings, r.guests, r.tiers, r.cooldown, r.max_item, r.max_cart = settings(
    'booking.bookingTimeoutMinutes', 'booking.minReputation', 'booking.maxBookings', 'booking.guestsMayBook',
    'booking.tiers', 'booking.rebookCooldownSeconds', 'order.maxItemQuantity', 'order.totalItemCart')
  r.lifetime = minutes(r.timeout)
  known_rules = r
  return r
end

-- Of two limits the stricter; 0 is none.
local function stricter(a, b)
  if a == 0 then return b end
  if b == 0 then return a end
  return math.min(a, b)
end

-- How many bookings a viewer may hold, and for how many minutes, and that in ms: the shop's, or those of the lowest tier
-- that is above the viewer's reputation where they are stricter.
local function limits_of(v, r)
  local tier
  r = r or rules()
  if not r.most then r.most = stricter(r.max_bookings, MOST_HELD) end
  if #r.tiers == 0 then return r.most, r.timeout, r.lifetime end
  for _, t in ipairs(r.tiers) do
    if t.belowReputation > v.reputation and (not tier or t.belowReputation < tier.belowReputation) then tier = t end
  end
  if not tier then return r.most, r.timeout, r.lifetime end
  local timeout = stricter(r.timeout, tier.bookingTimeoutMinutes)
  return stricter(r.most, tier.maxBookings), timeout, minutes(timeout)
end

-- Why a viewer may book nothing at all, or nil.
local function barred(v, r)
  r = r or rules()
  if v.status == 'restricted' then return 'VIEWER_RESTRICTED' end
  if v.reputation < r.min_reputation then
    return 'REPUTATION_TOO_LOW', { reputation = v.reputation, minReputation = r.min_reputation }
  end
  if v.guest and not r.guests then return 'FORBIDDEN', { reason = 'guest' } end
end

-- r: the rules to judge by; those of now when left out.
local function rights_json(v, r)
  local code, limit, timeout = barred(v, r), limits_of(v, r)
  return string.format('{"mayBook":%s,"maxBookings":%d,"bookingTimeoutMinutes":%.14g%s}', tostring(not code), limit,
    timeout, code and ',"reason":"' .. code .. '"' or '')
end
-- What viewer:updated says of a viewer.
local function viewer_change_json(v)
  return string.format('{"status":"%s","reputation":%d,"rights":%s}', v.status, v.reputation, rights_json(v))
end

local lives_seen, featured_seen = {}, {}
local function live_status(id)
  if lives_seen[id] == nil then lives_seen[id] = redis.call('HGET', shop .. ':live:' .. id, 'status') end
  return lives_seen[id]
end
local function is_featured(liveId, itemId)
  local seen = featured_seen[liveId]
  if not seen then
    seen = {}
    featured_seen[liveId] = seen
  end
  if seen[itemId] == nil then seen[itemId] = redis.call('HEXISTS', shop .. ':live:' .. liveId, 'item:' .. itemId) == 1 end
  return seen[itemId]
end

local function cooldown_key(v, itemId) return shop .. ':cooldown:' .. itemId .. ' ' .. v.id end

-- The rules of lives, items, limits and reputation; stock is not looked at. Answers a code and details, or nothing when the
-- viewer may have the units.
local function judge(v, it, liveId, quantity)
  local status = live_status(liveId)
  if not status or not it or not is_featured(liveId, it.id) then return 'NOT_FOUND' end
  if status ~= 'live' then return 'LIVE_NOT_OPEN', { status = status } end
  if not it.open then return 'ITEM_CLOSED' end
  local code, details = barred(v)
  if code then return code, details end
  local r, of_item, all = rules(), 0, 0
  if r.cooldown > 0 then
    local till = redis.call('GET', cooldown_key(v, it.id))
    if till then return 'COOLDOWN', { ['until'] = tonumber(till) } end
  end
  local limit = limits_of(v)
  if v.carried >= limit then return 'MAX_BOOKINGS', { limit = limit } end
  if r.max_item == 0 and r.max_cart == 0 then return end
  of_item, all = units_held(v, it.id)
  if r.max_item > 0 and of_item + quantity > r.max_item then
    return 'MAX_ITEM_QUANTITY', { limit = r.max_item, held = of_item }
  end
  if r.max_cart > 0 and all + quantity > r.max_cart then return 'CART_FULL', { limit = r.max_cart, held = all } end
end

-- What the rules of viewers leave open: whether the units are there.
local function lacking(it, quantity)
  if it.available == 0 then return 'SOLD_OUT', { available = 0, waiting = it.waiting } end
  if it.available < quantity then return 'INSUFFICIENT_STOCK', { available = it.available, waiting = it.waiting } end
end
