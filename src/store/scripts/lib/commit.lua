-- lib/commit.lua: writes what a unit of work has decided, appends it to the stream, publishes on the doorbell channel.

local function call_in_parts(command, key, list)
  for i = 1, #list, PART do
    local last = math.min(i + PART - 1, #list)
    if key then redis.call(command, key, unpack(list, i, last)) else redis.call(command, unpack(list, i, last)) end
  end
end

-- Whoever waits has what came free before anyone else can see it.
local function serve_lines()
  for _, it in ipairs(touched_items) do
    -- A library without it frees nothing; a line that waits to be served further is served by the next call that can.
    if serve_line and (it.freed or it.offering) then serve_line(it) end
  end
end

local function write_holds()
  local call, hold, history = redis.call, shop .. ':hold:', shop .. ':bookings:viewer:'
  for i = 1, #holds, 4 do
    local id, viewerId = holds[i], holds[i + 3]
    call('SET', hold .. id, holds[i + 1], 'PXAT', holds[i + 2])
    if viewerId then call('LPUSH', history .. viewerId, id) end
  end
end

-- After the line itself is written: its first ticket is the one to be served next.
local function write_line(it, key)
  local first = redis.call('ZRANGE', shop .. ':waiting:' .. it.id, 0, 0, 'WITHSCORES')
  it.head = first[2] and tonumber(first[2]) or it.ticket + 1
  redis.call('HSET', key, 'waiting', it.waiting, 'head', it.head, 'ticket', it.ticket)
  if it.offering then redis.call('HSET', key, 'offering', it.offering) else redis.call('HDEL', key, 'offering') end
end

local function write_items()
  local changed = {}
  for i, it in ipairs(touched_items) do
    local key = shop .. ':item:' .. it.id
    redis.call('HSET', key, 'available', int(it.available), 'booked', int(it.booked), 'revision', int(it.revision),
      'sequence', int(it.sequence))
    if it.allocated ~= it.stored_allocated or it.sold ~= it.stored_sold then
      redis.call('HSET', key, 'allocated', int(it.allocated), 'sold', int(it.sold))
    end
    if it.line_changed then write_line(it, key) end
    it.written = stock_begun(it)
    changed[i] = it.written .. '}'
  end
  if #changed > 0 then emit('stock', '{"items":' .. list_of(changed) .. '}') end
  for _, it in ipairs(shown_items) do emit('item', '{"item":' .. item_json(it) .. '}') end
end

-- For other systems; see note_stock().
local function write_published()
  for _, it in ipairs(publishing) do
    local key = shop .. ':item:' .. it.id
    redis.call('HSET', key, 'publishedAt', int(now))
    redis.call('HDEL', key, 'unpublished')
    emit('fact', '{"type":"stock.changed","data":{"stock":' .. (it.written or stock_begun(it)) .. '}}}')
  end
end

-- The whole cart, after something left it or changed.
local function rewrite_cart(v)
  local lines, whole, gone = {}, chunks(#v.cart), {}
  for i, line in ipairs(v.cart) do lines[i] = cart_line(line) end
  for i = 1, whole do set_field(v, 'held:' .. i, table.concat(lines, ';', (i - 1) * CHUNK + 1, i * CHUNK)) end
  for i = whole + 1, v.stored do gone[#gone + 1] = 'held:' .. i end
  if #gone > 0 then redis.call('HDEL', shop .. ':viewer:' .. v.id, unpack(gone)) end
  v.held = table.concat(lines, ';', whole * CHUNK + 1)
end

local function write_cart(v)
  if v.cart_rewritten then
    rewrite_cart(v)
  else
    for i, text in ipairs(v.rolled or {}) do set_field(v, 'held:' .. v.stored + i, text) end
  end
  -- Mostly there is nothing else to write of the viewer.
  if #v.fields == 0 then
    redis.call('HSET', shop .. ':viewer:' .. v.id, 'held', v.held, 'carried', small(v.carried))
  else
    set_field(v, 'held', v.held)
    set_field(v, 'carried', small(v.carried))
  end
end

local function waits_text(v)
  local places = {}
  for id, itemId in pairs(v.waiting) do places[#places + 1] = id .. ' ' .. itemId end
  return table.concat(places, ';')
end

local function write_viewers()
  for _, v in ipairs(touched_viewers) do
    if v.cart_grown or v.cart_rewritten then write_cart(v) end
    if v.waits_changed then set_field(v, 'waits', waits_text(v)) end
    if v.rights_changed then emit_to(v, 'viewer', viewer_change_json(v)) end
    if #v.fields > 0 then call_in_parts('HSET', shop .. ':viewer:' .. v.id, v.fields) end
  end
end

local function emit_releases()
  local list = {}
  for _, name in ipairs(release_order) do
    local r = releases[name]
    if r.quantity > 0 then
      count('released', r.reason, r.quantity)
      list[#list + 1] = cjson.encode({ itemId = r.it.id, quantity = r.quantity, reason = r.reason,
        available = r.it.available, revision = r.it.revision })
    end
  end
  if #list > 0 then emit('released', '{"releases":' .. list_of(list) .. '}') end
end

-- Each entry names the one before it, so a reader knows whether it has missed any without reading one twice.
local function append_events()
  local last = shop .. ':events:last'
  -- Where other systems are notified by webhooks, what they may not have yet is kept for as long as it is tried.
  local entry, hooked, asked, archived = unpack(redis.call('MGET', last, shop .. ':webhooked', shop .. ':events:asked',
    shop .. ':events:archived'))
  local trim, bound = 'MAXLEN', EVENTS_KEPT
  if hooked then trim, bound = 'MINID', int(now - 345600000) end -- four days, ms
  if asked then trim, bound = 'MINID', int(now - 2592000000) end -- thirty days, ms: GET /events
  if archived then
    -- What the archive lacks stays, however long that lasts.
    local id = archived:match('^%S+')
    if trim == 'MAXLEN' or tonumber(id:match('^%d+')) < tonumber(bound) then trim, bound = 'MINID', id end
  end
  entry = entry or '0-0'
  for i = 1, #events, PART do
    entry = redis.call('XADD', shop .. ':events', trim, '~', bound, '*', 'after', entry,
      unpack(events, i, math.min(i + PART - 1, #events)))
  end
  redis.call('SET', last, entry)
  -- A hint for the followers, and no more: whatever keeps it from being sent must not fail what is written by now.
  redis.pcall('SPUBLISH', shop .. ':bell', '')
end

local function write_unit()
  serve_lines()
  for _, it in ipairs(touched_items) do note_stock(it) end
  for _, write in ipairs(writes) do redis.call(unpack(write)) end
  for suffix, list in pairs(adds) do call_in_parts('ZADD', shop .. suffix, list) end
  for suffix, list in pairs(pushes) do call_in_parts('LPUSH', shop .. suffix, list) end
  for suffix, list in pairs(queued) do call_in_parts('RPUSH', shop .. suffix, list) end
  for suffix, list in pairs(removals) do call_in_parts('ZREM', shop .. suffix, list) end
  call_in_parts('MSET', nil, records)
  call_in_parts('DEL', nil, ended_holds)
  write_holds()
  write_viewers()
  write_items()
  write_published()
  emit_releases()
  if #events > 0 then append_events() end
end

-- reply: a table, or JSON; or a function that answers it, for what shows an item as it is after its line was served.
local function commit(reply)
  write_unit()
  if type(reply) == 'function' then reply = reply() end
  return answer(type(reply) == 'string' and reply or cjson.encode(reply))
end

local function refuse(code, details) return commit({ error = { code = code, details = details } }) end
