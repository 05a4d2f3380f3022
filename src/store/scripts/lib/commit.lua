-- lib/commit.lua: writes what a unit of work has decided, appends it to the stream, publishes on the doorbell channel.

-- Lua's unpack gives up at some 8,000 values, in the middle of a commit; an even size keeps pairs together.
local PART = 1000
local function call_in_parts(command, key, list)
  for i = 1, #list, PART do
    local last = math.min(i + PART - 1, #list)
    if key then redis.call(command, key, unpack(list, i, last)) else redis.call(command, unpack(list, i, last)) end
  end
end

local function write_items()
  local changed = {}
  for i, it in ipairs(touched_items) do
    redis.call('HSET', shop .. ':item:' .. it.id, 'available', it.available, 'booked', it.booked, 'allocated',
      it.allocated, 'sold', it.sold, 'revision', it.revision, 'sequence', it.sequence)
    changed[i] = stock_json(it)
  end
  if #changed > 0 then emit('stock', '{"items":' .. list_of(changed) .. '}') end
end

local function write_viewers()
  for _, v in ipairs(touched_viewers) do
    if v.cart_changed then
      set_field(v, 'units', v.units)
      for itemId in pairs(v.cart_changed) do
        set_field(v, 'item:' .. itemId, v.held[itemId])
      end
    end
    call_in_parts('HSET', shop .. ':viewer:' .. v.id, v.fields)
  end
end

local function emit_releases()
  local list = {}
  for i, name in ipairs(release_order) do
    local r = releases[name]
    list[i] = cjson.encode({ itemId = r.it.id, quantity = r.quantity, reason = r.reason, available = r.it.available,
      revision = r.it.revision })
  end
  if #list > 0 then emit('released', '{"releases":' .. list_of(list) .. '}') end
end

-- Each entry names the one before it, so a reader knows whether it has missed any without reading one twice.
local function append_events()
  local last = shop .. ':events:last'
  local entry = redis.call('GET', last) or '0-0'
  for i = 1, #events, PART do
    entry = redis.call('XADD', shop .. ':events', 'MAXLEN', '~', EVENTS_KEPT, '*', 'after', entry,
      unpack(events, i, math.min(i + PART - 1, #events)))
  end
  redis.call('SET', last, entry)
  -- A hint for the followers, and no more: whatever keeps it from being sent must not fail what is written by now.
  redis.pcall('SPUBLISH', shop .. ':bell', '')
end

local function write_unit()
  for _, write in ipairs(writes) do redis.call(unpack(write)) end
  for key, list in pairs(adds) do call_in_parts('ZADD', key, list) end
  for key, list in pairs(pushes) do call_in_parts('LPUSH', key, list) end
  for key, list in pairs(queued) do call_in_parts('RPUSH', key, list) end
  for key, list in pairs(removals) do call_in_parts('ZREM', key, list) end
  call_in_parts('MSET', nil, records)
  call_in_parts('DEL', nil, ended_holds)
  write_viewers()
  write_items()
  emit_releases()
  if #events > 0 then append_events() end
end

local function commit(reply)
  write_unit()
  return answer(type(reply) == 'string' and reply or cjson.encode(reply))
end

local function refuse(code, details) return commit({ error = { code = code, details = details } }) end
