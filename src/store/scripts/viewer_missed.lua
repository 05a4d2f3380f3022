-- viewer_missed.lua: what a viewer has, and what has ended or moved since a moment, for a server that could not follow.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     viewerId, name from the token ('' = keep), '1' for a guest; epoch ms: since when
-- Reply    { me: Me, ended: [Booking], moves: [{ reputation, delta, reason, at }] }, each in the order in which it happened
--
-- Nobody is made known to the host by this: the data may have been lost a moment ago.

local LOOKED_AT = 200 -- of the newest bookings, and of the newest moves
local v = open_viewer(ARGV[1], ARGV[2], true)
if v.is_new then v.guest = ARGV[3] == '1' end
local since, ended, moves = tonumber(ARGV[4]), {}, {}

local ids = redis.call('LRANGE', shop .. ':bookings:viewer:' .. v.id, 0, LOOKED_AT - 1)
load_bookings(ids)
for _, id in ipairs(ids) do
  local b = booking(id)
  local at = b and b.status ~= 'held' and since_of[id].endedAt
  if at and at >= since then ended[#ended + 1] = { at = at, due = b.expiresAt, json = booking_json(b) } end
end
table.sort(ended, function(a, b) return a.at == b.at and a.due < b.due or a.at < b.at end)
for i, e in ipairs(ended) do ended[i] = e.json end

for _, row in ipairs(redis.call('LRANGE', shop .. ':ledger:' .. v.id, 0, LOOKED_AT - 1)) do
  local e = cjson.decode(row)
  if e.at < since then break end
  if e.delta ~= 0 then
    table.insert(moves, 1, cjson.encode({ reputation = e.after, delta = e.delta, reason = e.reason, at = e.at }))
  end
end

local me = me_json(v, kept_recipient(v))
return commit('{"me":' .. me .. ',"ended":' .. list_of(ended) .. ',"moves":' .. list_of(moves) .. '}')
