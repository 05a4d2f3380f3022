-- lib/items.lua: items, their four buckets, and how long their waiting line is.
--
-- The hash livehold:{shopId}:item:<id> holds the fields shown; `sequence` of the last booking; `ticket`, the last that was
-- given in the line; `offering` while units are being handed to the line in steps (see lib/waitlist.lua); `publishedAt`, when
-- other systems last got its stock, epoch ms; and `unpublished` while `stock:<id>` in `deadlines` will bring them a later one.

local function item(id)
  local it = items[id]
  if it ~= nil then return it end
  local v = redis.call('HMGET', shop .. ':item:' .. id, 'available', 'booked', 'allocated', 'sold', 'revision',
    'sequence', 'price', 'open', 'name', 'sku', 'code', 'imageUrl', 'waiting', 'head', 'ticket', 'offering', 'publishedAt', 'unpublished')
  local available, allocated, sold = tonumber(v[1] or nil), tonumber(v[3] or nil), tonumber(v[4] or nil)
  -- public: what the public could book before this unit of work.
  it = v[1] and {
    id = id, available = available, booked = tonumber(v[2]), allocated = allocated, sold = sold,
    revision = tonumber(v[5]), sequence = tonumber(v[6]), price = tonumber(v[7]), open = v[8] == '1',
    name = v[9], sku = v[10], code = v[11], imageUrl = v[12] or nil, waiting = tonumber(v[13] or 0),
    head = tonumber(v[14] or 1), ticket = tonumber(v[15] or 0), offering = v[16] or nil,
    published_at = tonumber(v[17] or 0), unpublished = v[18] and true or nil,
    public = available, stored_allocated = allocated, stored_sold = sold, touched = false,
  }
  items[id] = it or false
  return items[id]
end

-- The revision follows the clock so that it still grows after a failover that lost the last writes.
local function touch_item(it)
  if it.touched then return end
  it.touched = true
  it.revision = math.max(it.revision + 1, now)
  touched_items[#touched_items + 1] = it
end

-- Other systems get the stock of an item at most once in so many ms: a change at once, and those that follow within that time
-- together when it is over. A clock that was set back keeps nothing from them. It is a little more than the second that is promised:
-- the time in the id of a stream entry may be a millisecond before that of the script.
local PUBLISH_EVERY = 1010
local function publish_stock(it)
  if it.publishing then return end
  it.publishing = true
  publishing[#publishing + 1] = it
  if it.unpublished then unindex(':deadlines', 'stock:' .. it.id) end
end
local function note_stock(it)
  if it.unpublished or it.publishing then return end
  if now >= it.published_at + PUBLISH_EVERY or now < it.published_at then return publish_stock(it) end
  it.unpublished = true
  later('HSET', shop .. ':item:' .. it.id, 'unpublished', '1')
  index(':deadlines', it.published_at + PUBLISH_EVERY, 'stock:' .. it.id)
end

-- The only way units go from one bucket to another. The script stops, with nothing written, rather than oversell.
local function move(it, from, to, quantity)
  it[from] = it[from] - quantity
  it[to] = it[to] + quantity
  if it[from] < 0 then error('stock below zero: ' .. it.id .. ' ' .. from) end
  -- Whoever waits comes before the public: commit() sees to it.
  if to == 'available' then it.freed = true end
  touch_item(it)
end

-- JSON is put together as text on the paths that thousands take: ids have no characters to escape, and cjson.encode of a
-- table costs several times as much.
local function stock_begun(it)
  return string.format('{"itemId":"%s","available":%d,"booked":%d,"allocated":%d,"sold":%d,"revision":%d,'
    .. '"waiting":%d,"head":%d', it.id, it.available, it.booked, it.allocated, it.sold, it.revision, it.waiting, it.head)
end
-- What it is called, as a part of JSON.
local function words_of(it)
  return '"sku":' .. cjson.encode(it.sku) .. ',"code":' .. cjson.encode(it.code) .. ',"name":' .. cjson.encode(it.name)
end
local function item_json(it)
  local image = it.imageUrl and ',"imageUrl":' .. cjson.encode(it.imageUrl) or ''
  return (it.written or stock_begun(it)) .. ',' .. (it.words or words_of(it)) .. ',"price":' .. int(it.price) .. ',"open":'
    .. (it.open and 'true' or 'false') .. image .. '}'
end

-- The item as everyone sees it, published after whatever else the unit of work says of the lives that feature it.
local function show_item(it) shown_items[#shown_items + 1] = it end

-- Units that came free, published as far as the public can book them.
local function released(it, quantity, reason)
  local name = it.id .. ' ' .. reason
  if not releases[name] then
    releases[name] = { it = it, quantity = 0, reason = reason }
    release_order[#release_order + 1] = name
  end
  releases[name].quantity = releases[name].quantity + quantity
end
