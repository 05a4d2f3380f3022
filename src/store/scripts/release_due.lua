-- release_due.lua: the sweeper's step. Ends what is due and tells when to come again.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     the most to end in this step
-- Reply    { retry, next, now, lateness }: whether more is due; the next deadline (epoch ms, null for none);
--          Redis's clock; how late each ending came, ms ('[]' spliced)

local more = settle_due(tonumber(ARGV[1]))
local reply = { retry = more, now = now }
local late = {}
for i, ms in ipairs(lateness) do late[i] = int(ms) end
commit({})
local first = redis.call('ZRANGE', shop .. ':deadlines', 0, 0, 'WITHSCORES')
reply.next = first[2] and tonumber(first[2]) or cjson.null
return splice(cjson.encode(reply), 'lateness', list_of(late))
