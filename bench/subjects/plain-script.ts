/** One plain script call a booking, with the same writes as the product's: what batching and care are held against. */
import { createClient } from 'redis';
import { serve } from '../rig/serve.js';

const VIEWERS = 2_000;
const ITEMS = 5;
const SHOP = 'plain:{bench}';
const TIMEOUT_MS = 900_000;

const SCRIPT = `
local shop, id, viewer, live, item, quantity, timeout = KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
if #redis.call('ZRANGEBYSCORE', shop .. ':deadlines', '-inf', now, 'LIMIT', 0, 1) > 0 then return 'due' end
redis.call('HMGET', shop .. ':settings', 'timeout', 'minReputation', 'maxItem', 'maxCart')
if redis.call('HEXISTS', shop .. ':booking:' .. id, 'accepted') == 1 then return 'again' end
if redis.call('EXISTS', shop .. ':request:' .. id) == 1 then return 'conflict' end
local it = redis.call('HMGET', shop .. ':item:' .. item, 'available', 'booked', 'sequence', 'price', 'name', 'open')
local v = redis.call('HMGET', shop .. ':viewer:' .. viewer, 'name', 'reputation', 'status', 'units', 'item:' .. item)
if redis.call('HGET', shop .. ':live:' .. live, 'status') ~= 'live' then return 'closed' end
if redis.call('HEXISTS', shop .. ':live:' .. live, 'item:' .. item) == 0 then return 'unknown' end
if tonumber(it[1]) < tonumber(quantity) then return 'sold out' end
local expires = now + timeout
local booking = cjson.encode({ bookingId = id, liveId = live, itemId = item, viewerId = viewer, quantity = quantity,
  unitPrice = it[4], status = 'held', sequence = it[3] + 1, createdAt = now, expiresAt = expires })
redis.call('HSET', shop .. ':booking:' .. id, 'accepted', booking, 'status', 'held', 'quantity', quantity, 'name', it[5])
redis.call('SET', shop .. ':hold:' .. id, item .. ' ' .. quantity, 'PX', timeout)
redis.call('ZADD', shop .. ':deadlines', expires, 'booking:' .. id)
redis.call('ZADD', shop .. ':bookings:live:' .. live, now, id)
redis.call('ZADD', shop .. ':bookings:item:' .. item, now, id)
redis.call('ZADD', shop .. ':bookings:viewer:' .. viewer, now, id)
redis.call('HSET', shop .. ':viewer:' .. viewer, 'booking:' .. id, '', 'units', (v[4] or 0) + quantity, 'item:' .. item,
  (v[5] or 0) + quantity)
redis.call('HSET', shop .. ':item:' .. item, 'available', it[1] - quantity, 'booked', it[2] + quantity, 'allocated', 0,
  'sold', 0, 'revision', now, 'sequence', it[3] + 1)
local stock = cjson.encode({ { itemId = item, available = it[1] - quantity, booked = it[2] + quantity, revision = now } })
redis.call('XADD', shop .. ':events', 'MAXLEN', '~', 10000, '*', 'booking', booking, 'stock', stock)
redis.call('SPUBLISH', shop .. ':bell', '')
return booking
`;

const client = createClient({ url: process.env.REDIS_URL ?? '' });
client.on('error', () => {});
await client.connect();
const sha = await client.scriptLoad(SCRIPT);
await client.hSet(`${SHOP}:settings`, { timeout: 15, minReputation: 0, maxItem: 0, maxCart: 0 });
await client.hSet(`${SHOP}:live:live`, 'status', 'live');
for (let i = 0; i < ITEMS; i++) {
  await client.hSet(`${SHOP}:live:live`, `item:item${i}`, 1);
  const item = { available: 1e8, booked: 0, sequence: 0, price: 125_000, name: 'Kemeja', open: 1 };
  await client.hSet(`${SHOP}:item:item${i}`, item);
}

let turn = 0;
async function bookOne(): Promise<void> {
  turn++;
  const id = `bk_${process.pid}${String(turn).padStart(18, '0')}`;
  const args = [id, `v${turn % VIEWERS}`, 'live', `item${turn % ITEMS}`, '1', String(TIMEOUT_MS)];
  await client.evalSha(sha, { keys: [SHOP], arguments: args });
}

const methods = {
  ready: () => true,
  /** So many calls in flight for so long; answers how many there were. */
  async book(inFlight: number, ms: number): Promise<number> {
    const before = turn;
    const end = performance.now() + ms;
    await Promise.all(
      Array.from({ length: inFlight }, async () => {
        while (performance.now() < end) await bookOne();
      }),
    );
    return turn - before;
  },
};
export type PlainScriptMethods = typeof methods;
serve(methods, () => client.destroy());
