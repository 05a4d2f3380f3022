-- viewer_open.lua: what a viewer has in this shop; makes the viewer known at the first call, unless it is a guest.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     viewerId, name from the token ('' = keep), '1' for a guest; recipient to remember as JSON (null forgets), or
--          nothing to keep the one there is
-- Reply    Me

local GUEST_KEPT = 86400 -- s
local v = open_viewer(ARGV[1], ARGV[2], ARGV[3] == '1')
local recipient = ARGV[4] or kept_recipient(v)
if ARGV[4] and v.is_new and v.guest then
  -- Who has not booked is no customer of the shop yet, and is forgotten.
  local key = shop .. ':recipient:' .. v.id
  if recipient == 'null' then later('DEL', key) else later('SET', key, recipient, 'EX', GUEST_KEPT) end
elseif ARGV[4] == 'null' then
  if not v.is_new then later('HDEL', shop .. ':viewer:' .. v.id, 'recipient') end
elseif ARGV[4] then
  set_field(v, 'recipient', recipient)
end
return commit(me_json(v, recipient))
