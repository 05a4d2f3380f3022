-- lib/unit.lua: the unit of work. The files of lib/ stand before every script, in the order in which define.ts names
-- them.
--
-- A unit of work reads through item(), viewer(), booking() and order(), judges, changes those tables in memory, and ends
-- with commit(), which writes all of it, appends what happened to the shop's event stream and publishes on the shop's
-- doorbell channel. Nothing is written before, so a refusal or a script error changes nothing.
--
-- A script call is one unit of work, or two: lib/due.lua, the last of the library, ends what is due as a unit of its own
-- before the script's own text runs. So a script never judges a record that is past its deadline, and never shares a
-- stream entry with what it did not do itself.
--
-- KEYS[1]  livehold:{shopId}; every other key of the shop is this one plus a suffix, so all share one slot.

local shop = KEYS[1]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000) -- epoch ms; Redis is the only judge of time
local EVENTS_KEPT = 10000 -- entries of the event stream; a reader further behind reloads its snapshot

-- Values in one call: Lua's unpack gives up at some 8,000, also in the middle of a commit; an even size keeps pairs together.
local PART = 1000

-- What commit() will write.
local writes, adds, removals, pushes, queued, events, records, ended_holds
-- What has been read, by id; and what of it has changed, in the order of the first change.
local items, touched_items, viewers, touched_viewers, checkouts, payments, orders
local bookings, accepted_of, since_of
local releases, release_order, shown_items
local entries, serves_left -- of the waiting list
local holds, due_marks -- new holds; their deadlines
local publishing -- items whose stock other systems get

local serve_line -- see lib/waitlist.lua, which is not there where no unit can come free

local function begin_unit()
  writes, adds, removals, pushes, queued, events, records, ended_holds = {}, {}, {}, {}, {}, {}, {}, {}
  items, touched_items, viewers, touched_viewers, checkouts, payments, orders = {}, {}, {}, {}, {}, {}, {}
  bookings, accepted_of, since_of = {}, {}, {}
  releases, release_order, shown_items = {}, {}, {}
  entries, serves_left = {}, 60
  holds, due_marks, publishing = {}, {}, {}
end
begin_unit()

-- Lua prints large numbers as 1e+15; whatever is joined as text goes through here. redis.call prints whole numbers right,
-- but as fractions, which takes it several times as long; so where thousands pass, it gets text, too.
local function int(n) return string.format('%d', n) end
-- The same for quantities, places and points, of which a batch prints few different ones over and over.
local small
do
  local printed = {}
  function small(n)
    local text = printed[n]
    if not text then
      text = int(n)
      printed[n] = text
    end
    return text
  end
end

local function later(...) writes[#writes + 1] = { ... } end

-- Members for a sorted set, all of one key in one call at the end; by the key's suffix.
local function grouped(groups, suffix)
  local list = groups[suffix]
  if not list then
    list = {}
    groups[suffix] = list
  end
  return list
end
-- The first deadline that this call has set: the server that called is to wake then, whatever it called for.
local first_due
local function index(suffix, score, member)
  if suffix == ':deadlines' then first_due = math.min(first_due or math.huge, tonumber(score)) end
  local list = grouped(adds, suffix)
  local n = #list
  list[n + 1], list[n + 2] = score, member
end
-- For what only grows, a list newest first: a push costs a fraction of what a sorted set asks.
local function push(suffix, member)
  local list = grouped(pushes, suffix)
  list[#list + 1] = member
end
-- The other end of a list: first come, first served.
local function queue(suffix, member)
  local list = grouped(queued, suffix)
  list[#list + 1] = member
end
local function unindex(suffix, member)
  local list = grouped(removals, suffix)
  list[#list + 1] = member
end

-- How much of what this call has done, for the metrics of the server that made it: { orders: { status: orders },
-- released: { reason: units } }. Each commit has one caller, so it counts once however many servers follow the stream.
local counted = {}
local function count(what, name, n)
  counted[what] = counted[what] or {}
  counted[what][name] = (counted[what][name] or 0) + n
end

-- cjson prints an empty table as {}, so lists and raw JSON are spliced in as text.
local function splice(encoded, field, raw) return encoded:sub(1, -2) .. ',"' .. field .. '":' .. raw .. '}' end
-- What a call answers: JSON, what it has counted, and `due`, the first deadline that it has set, beside the time of now, both
-- epoch ms. Every script's answer goes through here or through commit().
local function answer(json)
  if first_due then json = splice(json, 'due', '[' .. int(first_due) .. ',' .. int(now) .. ']') end
  if not next(counted) then return json end
  return splice(json, 'counted', cjson.encode(counted))
end
local function list_of(encoded) return '[' .. table.concat(encoded, ',') .. ']' end
-- What happened: fields of one stream entry, '<n>:<kind>' and its payload as JSON. A record that changes and that no event
-- names is named by the kind `changed`, { orders, notices, ledgers, restocks: [ids] }: the archive reads it again. Parts of the kind are joined here, for
-- every string that Lua makes on the way to another is hashed whole.
local function emit(kind, payload, id, name, reputation)
  local n = #events
  events[n + 1] = id and int(n) .. ':' .. kind .. ' {"viewerId":"' .. id .. '","name":' .. name .. ',"reputation":'
    .. small(reputation) .. '}' or int(n) .. ':' .. kind
  events[n + 2] = payload
end

-- Settings by name, each in its kind: a number, true or false, text, a list. What the shop has not stored has its default.
local function settings(...)
  local values = redis.call('HMGET', shop .. ':settings', ...)
  for i, name in ipairs({ ... }) do
    local stored, default = values[i], DEFAULT_SETTINGS[name]
    local kind = type(default)
    if not stored then values[i] = default
    elseif kind == 'number' then values[i] = tonumber(stored) or default
    elseif kind == 'boolean' then values[i] = stored == 'true'
    elseif kind == 'table' then values[i] = cjson.decode(stored)
    end
  end
  return unpack(values)
end
-- At least 1 ms: a key cannot be set to live for none.
local function minutes(n) return math.max(1, math.floor(n * 60000 + 0.5)) end
