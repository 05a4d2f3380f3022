-- live_retell.lua: raises the revisions of a live's items above every one that clients may have seen, after a failover
-- or a crash that may have lost the last writes. Clients keep the highest revision that they got; without this
-- they would hold on to the lost values until the next change of the item.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     liveId
-- Reply    { raised: how many } or { error }
--
-- Once for each item and each life of a master: a promoted or restarted Redis has a new replication id. The leap covers
-- a new master's clock that is behind the old one's, and items changed oftener than once a ms.

local LEAP = 60000 -- ms

local l = live(ARGV[1])
if not l then return refuse('NOT_FOUND') end
local info = redis.pcall('INFO', 'replication')
local life = type(info) == 'string' and info:match('master_replid:(%x+)') -- nil where INFO is forbidden: always raised
local raised = 0
for _, itemId in ipairs(cjson.decode(l.itemIds)) do
  local key = shop .. ':item:' .. itemId
  if not life or redis.call('HGET', key, 'retold') ~= life then
    local it = item(itemId)
    touch_item(it)
    it.revision = it.revision + LEAP
    later('HSET', key, 'retold', life or '')
    raised = raised + 1
  end
end
return commit({ raised = raised })
