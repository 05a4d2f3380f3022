-- audit_line.lua: a part of an item's waiting line: whether each member is an entry that waits, with that ticket.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     itemId; the last ticket looked at; how many to look at
-- Reply    { next: the last ticket looked at, null for the end of the line; problems: [] }

local itemId, from, count = ARGV[1], ARGV[2], tonumber(ARGV[3])
local part = redis.call('ZRANGEBYSCORE', shop .. ':waiting:' .. itemId, '(' .. from, '+inf', 'WITHSCORES', 'LIMIT', 0, count)
for i = 1, #part, 2 do
  local quantity, id = part[i]:match('^(%d+) (.+)$')
  local e = entry(id)
  if not e or e.status ~= 'waiting' or e.ticket ~= tonumber(part[i + 1]) or e.quantity ~= tonumber(quantity) then
    problem(itemId .. ': entry', id, 'is in the line but not so waiting')
  end
end
local next_ticket = #part == count * 2 and part[#part] or 'null'
return commit('{"next":' .. next_ticket .. ',"problems":' .. list_of(problems) .. '}')
