-- audit_rows.lua: where the units of some of one item's bookings are now.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     itemId; bookingIds
-- Reply    { rows: [[bookingId, bucket, quantity]] }

return commit('{"rows":' .. rows_of({ unpack(ARGV, 2) }, ARGV[1]) .. '}')
