import { expect, it } from 'vitest';
import { Random } from '../../bench/faults/random.js';
import { type Census, takeCensus } from '../../bench/year/census.js';
import { Trade } from '../../bench/year/trade.js';
import { newShop } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { startServer } from '../support/server.js';
import { until } from '../support/until.js';
import { anyDatabase } from './databases.js';

const ORDERS = 8;
const REGULARS = 20;
const AUTHORS = 10;

/** What stays of people, orders, days and the host's own doings; of everything else nothing does. */
const BY_PERSON = ['viewer', 'viewers', 'handles', 'bookings:viewer:gone', 'ledger:gone'];
const BY_ORDER = ['orders:used'];
const BY_DAY = ['live', 'lives', 'bookings:live:gone'];
const BOUNDED = [
  'events',
  'changes',
  'restocks',
  'gone',
  'item',
  'bookings:item:gone',
  'store:marks',
];
const LEAVES =
  /^(order|orders|payment|refund|refunds|notice|notices|booking|ledger|entry|checkout|due|deadlines|waiting|transfers|payments|bookings:(item|viewer|live)|orders:(?!used$).*|(refunds|notices|transfers|payments|waiting):.*)$/;

it('holds no more of finished days in Redis than is said of each kind, however many there were', async () => {
  const [redis, url] = await Promise.all([startRedis(), anyDatabase()]);
  const server = await startServer({
    redisUrl: redis.url,
    DATABASE_URL: url,
    RETENTION_DAYS: '0.000001',
  });
  const client = await redis.client();
  const trade = new Trade({
    url: server.url,
    shopId: newShop(),
    regulars: REGULARS,
    newcomers: 0,
    random: new Random('a year'),
  });
  await trade.open();
  const after = async (days: number) => {
    for (let day = 0; day < days; day++) await trade.day(ORDERS);
    let census: Census = new Map();
    await until('all that is finished has left', async () => {
      census = await takeCensus(client, 'staying');
      return ![...census.keys()].some((kind) => LEAVES.test(kind));
    });
    return census;
  };
  const few = await after(1);
  const many = await after(4);
  trade.close();
  expect([...trade.refusals]).toEqual([]);
  const known = [...BY_PERSON, ...BY_ORDER, ...BY_DAY, ...BOUNDED];
  const rest = (census: Census) =>
    Object.fromEntries(
      [...census].flatMap(([kind, { keys, entries }]) =>
        known.includes(kind) ? [] : [[kind, [keys, entries]]],
      ),
    );
  expect(rest(many)).toEqual(rest(few));
  expect(many.get('orders:used')?.entries).toBe(trade.orders);
  for (const kind of ['live', 'bookings:live:gone']) expect(many.get(kind)?.keys).toBe(5);
  for (const kind of ['viewer', 'bookings:viewer:gone', 'ledger:gone'])
    expect(many.get(kind)?.keys).toBeLessThanOrEqual(REGULARS + AUTHORS);
}, 60_000);
