import { beforeAll, expect, it } from 'vitest';
import { define } from '../../src/store/scripts/define.js';
import { scripts } from '../../src/store/scripts/index.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';

const LIVE = 'live_1';
const ITEMS = ['a', 'b', 'c'];
const VIEWERS = ['ani', 'budi', 'citra', 'dewi'];
const STEPS = 400;

type Client = Awaited<ReturnType<RedisServer['client']>>;
let client: Client;

beforeAll(async () => {
  client = await (await startRedis()).client();
});

/** Without these the night would have proved little. */
const HAPPENED = [
  'SOLD_OUT',
  'INSUFFICIENT_STOCK',
  'REQUEST_CONFLICT',
  'ITEM_CLOSED',
  'NOT_FOUND',
  '"entry',
  'booking_expired',
  '{"booking"',
];

/** From a seed, the same numbers again and again: below `n`. */
function numbers(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

async function open(key: string): Promise<void> {
  await client.hSet(`${key}:live:${LIVE}`, {
    title: 'L',
    status: 'live',
    itemIds: '[]',
    revision: 1,
  });
  for (const [i, id] of ITEMS.entries()) {
    await client.hSet(`${key}:live:${LIVE}`, `item:${id}`, '1');
    const stock = { available: 6, booked: 0, allocated: 0, sold: 0, revision: 1, sequence: 0 };
    const shown = { price: 1_000, open: '1', name: `Item ${id}`, sku: id, code: `A${i}` };
    await client.hSet(`${key}:item:${id}`, { ...stock, ...shown });
  }
}

/** A step of a night: mostly bookings, some several at once; holds that lapse, a line, cancels, repeats, closed items. */
function step(next: (n: number) => number, n: number) {
  const item = ITEMS[next(ITEMS.length)] as string;
  const viewer = VIEWERS[next(VIEWERS.length)] as string;
  const kind = next(10);
  if (kind === 0) return { script: 'waitlistJoin' as const, item, viewer, n };
  if (kind === 1) return { script: 'bookingCancel' as const, viewer, n: next(n + 1) };
  if (kind === 2) return { lapse: true, open: next(4) === 0 ? '0' : '1', item };
  const bookings = Array.from({ length: 1 + next(3) }, (_, i) => ({
    id: `bk_${next(12) === 0 ? next(n + 1) : n}_${i}`,
    viewer: VIEWERS[next(VIEWERS.length)] as string,
    item: ITEMS[next(ITEMS.length + 1)] ?? 'no_such',
    quantity: 1 + next(3),
  }));
  return { bookings };
}

/** Whatever is on the clock is due from now on. */
async function lapse(key: string): Promise<void> {
  for (const value of await client.zRange(`${key}:deadlines`, 0, -1))
    await client.zAdd(`${key}:deadlines`, { score: 1, value });
}

/** What differs by nothing but the moment. */
function withoutTimes(of: unknown): unknown {
  return JSON.parse(
    JSON.stringify(of)
      .replace(/1\d{12}(-\d+)?/g, 'T')
      .replace(/:T([,}\]])/g, ':0$1'),
  );
}

it('books as the whole library does, whatever is due and whoever waits', async () => {
  const ways = [
    { key: 'livehold:{short}', create: scripts.bookingCreate },
    { key: 'livehold:{whole}', create: define('booking_create', scripts.bookingCreate.reply) },
  ];
  for (const { key } of ways) await open(key);
  let seen = '';
  const next = numbers(7);
  for (let n = 0; n < STEPS; n++) {
    const what = step(next, n);
    const answers: unknown[] = [];
    for (const { key, create } of ways) {
      const call = (source: string, args: string[]) =>
        client.eval(source, { keys: [key], arguments: args });
      if ('lapse' in what) {
        await lapse(key);
        await client.hSet(`${key}:item:${what.item}`, 'open', what.open ?? '1');
      } else if ('bookings' in what) {
        const { bookings = [] } = what;
        const wishes = bookings.flatMap((b) => [LIVE, b.item, String(b.quantity), '']);
        const commands = bookings.flatMap((b, i) => [b.id, b.viewer, b.viewer, String(i + 1)]);
        answers.push(await call(create.source, [String(bookings.length), ...wishes, ...commands]));
      } else if (what.script === 'waitlistJoin') {
        const wish = [`wl_${what.n}`, what.viewer, what.viewer, '', LIVE, what.item, '1'];
        answers.push(await call(scripts.waitlistJoin.source, wish));
      } else {
        const cancel = [`bk_${what.n}_0`, '', '', ''];
        answers.push(await call(scripts.bookingCancel.source, cancel));
      }
    }
    const [short, whole] = answers.map(withoutTimes);
    expect(short).toEqual(whole);
    seen += String(short);
  }
  const [events, others] = await Promise.all(
    ways.map(async ({ key }) =>
      ((await client.xRange(`${key}:events`, '-', '+')) ?? []).map(({ message }) => message),
    ),
  );
  expect(withoutTimes(events)).toEqual(withoutTimes(others));
  for (const kind of HAPPENED) expect(seen).toContain(kind);
});
