-- lib/audit.lua: what the audit's steps have in common. It stands behind the rest of the library in scripts named audit_*.
-- An audit is many short calls, so that Redis serves others in between; services/audit.ts puts their answers together.

local problems = {}
local function problem(...) problems[#problems + 1] = cjson.encode(table.concat({ ... }, ' ')) end

local BUCKETS = { awaiting_payment = 'allocated', paid = 'sold' }

-- The bucket that a booking's units are in, by its record and its order's, or '' for none.
local function bucket_of(b)
  if b.status == 'held' then return 'booked' end
  if b.status ~= 'ordered' then return '' end
  local status, still_sold = unpack(redis.call('HMGET', shop .. ':order:' .. since_of[b.bookingId].orderId, 'status',
    'stillSold'))
  return BUCKETS[status] or still_sold == '1' and 'sold' or ''
end

-- Bookings as rows [bookingId, bucket, quantity], of one item.
local function rows_of(ids, itemId)
  load_bookings(ids)
  local rows = {}
  for _, id in ipairs(ids) do
    local b = booking(id)
    if b and b.itemId == itemId then
      rows[#rows + 1] = string.format('["%s","%s",%d]', id, bucket_of(b), b.quantity)
    end
  end
  return list_of(rows)
end
