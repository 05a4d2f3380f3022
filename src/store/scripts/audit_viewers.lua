-- audit_viewers.lua: holds reputations against the fold of their ledgers, and carts against the bookings.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     viewerIds
-- Reply    { problems: [], reputationOk }

local problems, reputation_ok = {}, true
local function problem(...) problems[#problems + 1] = cjson.encode(table.concat({ ... }, ' ')) end

local function check_reputation(id, reputation)
  local points, causes = 100, {}
  local ledger = redis.call('LRANGE', shop .. ':ledger:' .. id, 0, -1)
  for i = #ledger, 1, -1 do
    local entry = cjson.decode(ledger[i])
    local cause = entry.reason .. ' ' .. entry.refId
    local whole = entry.before == points and entry.after == points + entry.delta and entry.after >= 0
      and entry.after <= 100
    -- A booking may be cancelled in parts, and each part is a cause of its own.
    if not whole or (causes[cause] and entry.reason ~= 'booking_cancelled') then
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
  local units = 0
  for _, id in ipairs(redis.call('LRANGE', shop .. ':bookings:viewer:' .. v.id, 0, -1)) do
    local b = booking(id)
    if b.status == 'held' then units = units + b.quantity end
  end
  if units ~= v.units then problem(v.id .. ': the cart counts', int(v.units), 'but holds', int(units)) end
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
