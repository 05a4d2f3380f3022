-- order_patch.lua: how far a paid order has come on its way to the buyer, and the host's own note.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     orderId; { fulfilment?, tracking?, hostNote? } as JSON, null takes one away
-- Reply    { order } or { error }

local o, patch = order(ARGV[1]), cjson.decode(ARGV[2])
if not o then return refuse('NOT_FOUND') end
if o.shown.status ~= 'paid' then return refuse('ORDER_NOT_PAYABLE', { status = o.shown.status }) end

local key, visible = shop .. ':order:' .. o.id, false
for _, field in ipairs({ 'fulfilment', 'tracking', 'hostNote' }) do
  local value = patch[field]
  if value == cjson.null then later('HDEL', key, field) elseif value then later('HSET', key, field, value) end
  if value ~= nil and field ~= 'hostNote' then
    value = value ~= cjson.null and value or nil
    visible = visible or o.shown[field] ~= value
    o.shown[field] = value
  end
end
-- The host's note is nobody else's.
if visible then
  order_news(o, 'fulfilment')
  emit_order(o)
else
  emit('changed', '{"orders":["' .. o.id .. '"]}')
end
return commit({ order = order_view(o) })
