-- events_erase.lua: takes what says who a viewer is out of the shop's event stream, a part of it with each call. An entry of a
-- stream cannot be changed, so the stream is copied beside itself, entry by entry under the same ids, and the copy takes its
-- place in the call that copies the last entry: whoever reads it sees the one or the other.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     viewerId; token of the caller; handles of the viewer as a JSON list
-- Reply    { more: whether to call again, waits: whether another caller copies just now }
--
-- livehold:{shopId}:events:erasing  the copy;  livehold:{shopId}:erasing  the token of who makes it, for ten seconds

local STEP = 100
local id, token, handles = ARGV[1], ARGV[2], {}
for _, handle in ipairs(cjson.decode(ARGV[3])) do handles[handle] = true end
local stream, copy, lock = shop .. ':events', shop .. ':events:erasing', shop .. ':erasing'
local about = '"viewerId":"' .. id .. '"'

local holder = redis.call('GET', lock)
if holder and holder ~= token then return commit('{"more":true,"waits":true}') end
-- What somebody else had begun is not of this viewer.
if not holder then redis.call('UNLINK', copy) end
redis.call('SET', lock, token, 'PX', 10000)

local function nameless(field)
  local kind, reputation = field:match('^(%d+:%a+) {.*"reputation":(%d+)}$')
  return string.format('%s {"viewerId":"%s","name":"","reputation":%s}', kind, id, reputation)
end

local function without_author(comment)
  comment.authorId, comment.authorName, comment.text = '', '', ''
  return cjson.encode({ comment = comment })
end

local function without_recipient(order)
  order.recipient, order.note = nil, nil
  return order
end

-- By the kind of the event: its payload without what says who the viewer is.
local ERASED = {
  order = function(payload) return cjson.encode(without_recipient(cjson.decode(payload))) end,
  comment = function(payload) return without_author(cjson.decode(payload).comment) end,
  fact = function(payload)
    local fact = cjson.decode(payload)
    if fact.data.order then without_recipient(fact.data.order) end
    if fact.data.refund then fact.data.refund.doneNote = nil end
    return cjson.encode(fact)
  end,
}

local function erase(fields)
  for i = 3, #fields, 2 do
    local kind = fields[i]:match('^%d+:(%a+)')
    if fields[i]:find(about, 1, true) then
      fields[i] = nameless(fields[i])
      if ERASED[kind] then fields[i + 1] = ERASED[kind](fields[i + 1]) end
    elseif kind == 'question' then
      local comment = cjson.decode(fields[i + 1]).comment
      if handles[(comment.source .. ':' .. comment.authorId):lower()] then fields[i + 1] = without_author(comment) end
    end
  end
  return fields
end

local last = redis.call('XREVRANGE', copy, '+', '-', 'COUNT', 1)[1]
local entries = redis.call('XRANGE', stream, last and '(' .. last[1] or '-', '+', 'COUNT', STEP)
for _, e in ipairs(entries) do redis.call('XADD', copy, e[1], unpack(erase(e[2]))) end
if #entries == STEP then return commit('{"more":true}') end

if last or #entries > 0 then
  redis.call('UNLINK', stream)
  redis.call('RENAME', copy, stream)
end
redis.call('DEL', lock)
-- The archive has all that was before, and erases it with this.
emit('changed', '{"erased":["' .. id .. '"]}')
return commit('{"more":false}')
