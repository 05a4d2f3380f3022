-- waitlist_leave.lua: a viewer gives up a place in a line. Twice is one effect and the same answer.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     entryId, viewerId
-- Reply    { entry } or { error }; an entry that has ended is answered as it ended

local e = entry(ARGV[1])
if not e or e.viewerId ~= ARGV[2] then return refuse('NOT_FOUND') end
if e.status == 'waiting' then end_entry(e, 'left') end
return commit('{"entry":' .. entry_json(e) .. '}')
