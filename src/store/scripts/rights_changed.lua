-- rights_changed.lua: which viewers have other rights since the rules of the shop changed.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     the rules before, as settings_save.lua has published them; then of each viewer the id, and '1' for a guest or ''
-- Reply    { changed: [{ viewerId, status, reputation, rights }] }, as it is now

local before, after, changed = cjson.decode(ARGV[1]), rules(), {}
for i = 2, #ARGV, 2 do
  local v = viewer(ARGV[i]) or new_viewer(ARGV[i], '', ARGV[i + 1] == '1')
  local rights = rights_json(v, after)
  if rights_json(v, before) ~= rights then
    changed[#changed + 1] = splice(viewer_change_json(v), 'viewerId', '"' .. v.id .. '"')
  end
end
return commit('{"changed":' .. list_of(changed) .. '}')
