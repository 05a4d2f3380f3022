-- pulse.lua: tries what every commit needs, a write and the bell, and says whether this store is the one that the caller
-- knew. It stands alone, without lib/: the keys are no shop's.
--
-- The store has an epoch, written once. Besides, a mark is added each minute, so that a store that was restored from a
-- backup lacks marks that the caller has seen. The caller names one that is at least a minute old: what a failover may
-- lose is less.
--
-- KEYS[1]  livehold:{.<n>}:store, one on each master
-- ARGV     channel to ring; epoch for a store that has none; epoch that the caller knows, or ''; mark that it has seen, or
--          ''; what makes a mark its own
-- Reply    { epoch, mark, lost: boolean, accepted }: accepted changes when a person says that a loss is accepted

local EVERY, KEPT = 60000, 60 -- ms between marks; marks
local store, list = KEYS[1], KEYS[1] .. ':marks'
local channel, fresh, known_epoch, known_mark, own = unpack(ARGV)
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local function made_at(mark) return tonumber(mark:match('^%d+')) end

-- Refused like any write when memory is full, this is a replica or nothing can be saved; adds nothing to the append-only
-- file when there is an epoch already.
redis.call('HSETNX', store, 'epoch', fresh)
local epoch, accepted = unpack(redis.call('HMGET', store, 'epoch', 'accepted'))
local marks = redis.call('LRANGE', list, 0, -1) -- newest first

local seen = known_mark == ''
for _, mark in ipairs(marks) do seen = seen or mark == known_mark end
-- A mark older than all that are kept may have been left out in the course of things.
if not seen and #marks == KEPT and made_at(known_mark) < made_at(marks[KEPT]) then seen = true end

if #marks == 0 or math.abs(now - made_at(marks[1])) >= EVERY then
  local mark = string.format('%d-%s', now, own)
  redis.call('LPUSH', list, mark)
  redis.call('LTRIM', list, 0, KEPT - 1)
  table.insert(marks, 1, mark)
end
redis.call('SPUBLISH', channel, '')
return cjson.encode({
  epoch = epoch,
  mark = marks[2] or '',
  lost = not seen or (known_epoch ~= '' and known_epoch ~= epoch),
  accepted = accepted or '',
})
