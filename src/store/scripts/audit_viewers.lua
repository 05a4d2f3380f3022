-- audit_viewers.lua: holds viewers' carts and places in line against the records, and answers what their ledgers must come to.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     viewerIds
-- Reply    { viewers: [{ viewerId, reputation, entries }], problems: [] }: `entries` of the ledger are to be
--          folded by the caller, from the oldest on, and give that reputation

local rows = {}

local function check_cart(v)
  held_bookings(v)
  if #cart_of(v) ~= v.carried then problem(v.id .. ': the cart has', int(#v.cart), 'of', int(v.carried), 'bookings') end
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
    check_cart(v)
    if score ~= v.reputation then problem(id .. ': is indexed with reputation', int(score)) end
    rows[#rows + 1] = string.format('{"viewerId":"%s","reputation":%d,"entries":%d}', id, v.reputation,
      redis.call('LLEN', shop .. ':ledger:' .. id) + tonumber(redis.call('GET', shop .. ':ledger:' .. id .. ':gone') or 0))
  end
end
return commit('{"viewers":' .. list_of(rows) .. ',"problems":' .. list_of(problems) .. '}')
