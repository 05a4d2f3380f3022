-- audit_viewers.lua: holds reputations against the fold of their ledgers, and carts against the bookings.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     viewerIds
-- Reply    { problems: [], reputationOk }

local problems, reputation_ok = {}, true
local function problem(...) problems[#problems + 1] = cjson.encode(table.concat({ ... }, ' ')) end

local function check_reputation(id, reputation)
  local points, causes, restored = 100, {}, {}
  local ledger = redis.call('LRANGE', shop .. ':ledger:' .. id, 0, -1)
  for i = #ledger, 1, -1 do
    local entry = cjson.decode(ledger[i])
    local cause = entry.reason .. ' ' .. entry.refId
    local whole = entry.before == points and entry.after == points + entry.delta and entry.after >= 0
      and entry.after <= 100
    -- A booking may be cancelled in parts, and each part is a cause of its own; one that was restored may end again.
    local again = entry.reason == 'booking_cancelled' or restored[entry.refId]
    if entry.reason == 'booking_restored' then restored[entry.refId] = true end
    if not whole or (causes[cause] and not again) then
      reputation_ok = false
      problem(id .. ': the ledger breaks at', cause)
    end
    causes[cause] = true
    points = entry.after
  end
  if points ~= reputation then
    reputation_ok = false
    problem(id .. ': reputation is', int(reputation), 'but the ledger says', int(points))
  end
end

local function check_cart(v)
  held_bookings(v)
  for _, line in ipairs(cart_of(v)) do
    local b = booking(line.id)
    if not b or b.status ~= 'held' or b.quantity ~= line.quantity or b.viewerId ~= v.id then
      problem(v.id .. ': the cart has', line.id, 'with', int(line.quantity), 'which is not so held')
    end
  end
  for id, itemId in pairs(waits_of(v)) do
    local e = entry(id)
    if not e or e.status ~= 'waiting' or e.itemId ~= itemId then problem(v.id .. ': waits by', id, 'which does not') end
  end
end

for _, id in ipairs(ARGV) do
  local v = viewer(id)
  if v then
    -- The score of the index is what the host's filter sees; it must agree too.
    local score = tonumber(redis.call('ZSCORE', shop .. ':viewers', id) or -1)
    check_reputation(id, v.reputation)
    check_cart(v)
    if score ~= v.reputation then problem(id .. ': is indexed with reputation', int(score)) end
  end
end
return commit(splice(cjson.encode({ reputationOk = reputation_ok }), 'problems', list_of(problems)))
