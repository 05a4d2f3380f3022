import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Checkout } from '../../src/protocol/checkout.js';
import { AppError } from '../../src/protocol/errors.js';
import { MAX_PRICE, MAX_QUANTITY } from '../../src/protocol/units.js';
import { type Host, host, type Stage } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';

const RUNS = 300;
const MOST_LINES = 3;
/** Set SEED to the number that a failing run has printed to see it again. */
const SEED = Number(process.env.SEED ?? Date.now() % 2 ** 31);
/** What an order may come to; above it a checkout is refused rather than inexact. */
const MOST = 99_999_999_999_999n;

let server: TestServer;
let seller: Host;
let stage: Stage;
let buyers = 0;

beforeAll(async () => {
  server = await startServer({ redisUrl: (await startRedis()).url });
  seller = host(server);
  stage = await seller.stage(...Array<number>(MOST_LINES).fill(1_000_000_000));
});

interface Line {
  price: number;
  quantity: number;
}

/** A checkout and then an order over these lines, through the scripts; no sockets, for speed. */
async function totalsOf(lines: Line[], percent: number): Promise<Checkout> {
  const { shops, catalogue, bookings, orders } = server.app.services;
  const viewerId = `v${buyers++}`;
  await shops.patchSettings(seller.shop, { order: { ppnPercent: percent } });
  for (const [i, { price, quantity }] of lines.entries()) {
    const itemId = stage.items[i]?.itemId ?? '';
    await catalogue.patchItem(seller.shop, itemId, { price });
    const wish = { liveId: stage.liveId, itemId, quantity, requestId: `b${i}` };
    await bookings.create(seller.shop, { viewerId, name: viewerId, guest: false }, wish);
  }
  const checkout = await orders.startCheckout(seller.shop, viewerId);
  const { checkoutId } = checkout;
  const placing = { checkoutId, paymentMethod: 'bank_transfer', requestId: 'o' } as const;
  const order = await orders.place(seller.shop, viewerId, placing);
  const { subtotal, ppnPercent, ppn, total } = checkout;
  expect(order).toMatchObject({ subtotal, ppnPercent, ppn, total });
  return checkout;
}

/** Rates are whole hundredths of a percent, so subtotal × rate / 10,000 is exact in integers. */
function exact(lines: Line[], hundredths: number) {
  const subtotal = lines.reduce(
    (sum, line) => sum + BigInt(line.price) * BigInt(line.quantity),
    0n,
  );
  const ppn = (2n * subtotal * BigInt(hundredths) + 10_000n) / 20_000n;
  return { subtotal, ppn, total: subtotal + ppn };
}

async function check(lines: Line[], hundredths: number): Promise<void> {
  const percent = hundredths / 100;
  const { subtotal, ppn, total } = exact(lines, hundredths);
  if (total > MOST) {
    const refused = await totalsOf(lines, percent).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(AppError);
    expect(refused).toMatchObject({ code: 'VALIDATION' });
    return;
  }
  const shown = await totalsOf(lines, percent);
  expect(shown.ppnPercent).toBe(percent);
  expect([shown.subtotal, shown.ppn, shown.total].map(BigInt)).toEqual([subtotal, ppn, total]);
}

const line = fc.record({
  price: fc.oneof(
    fc.integer({ min: 0, max: 1_000 }),
    fc.integer({ min: 0, max: 5_000_000 }),
    fc.integer({ min: 0, max: MAX_PRICE }),
  ),
  quantity: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: MAX_QUANTITY })),
});
const lines = fc.array(line, { minLength: 1, maxLength: MOST_LINES });
/** Rates, and prices at which PPN is exactly a half: where binary fractions fall to the wrong side. */
const halves = fc
  .tuple(fc.integer({ min: 1, max: 10_000 }), fc.nat({ max: 9_999 }), fc.nat({ max: 1_000 }))
  .filter(([rate, price]) => (rate * price) % 10_000 === 5_000)
  .map(([rate, price, more]) => ({ rate, price: price + 10_000 * more }));
const hundredths = fc.oneof(fc.integer({ min: 0, max: 10_000 }), fc.constantFrom(0, 1_100, 1_200));

describe('PPN', () => {
  it('is subtotal × rate, half up to a whole rupiah, exactly', async () => {
    console.info(`seed ${SEED}`);
    await fc.assert(fc.asyncProperty(lines, hundredths, check), {
      seed: SEED,
      numRuns: RUNS,
      endOnFailure: true,
      interruptAfterTimeLimit: 30_000,
    });
  }, 60_000);

  it('goes up at every half', async () => {
    const property = fc.asyncProperty(halves, ({ rate, price }) =>
      check([{ price, quantity: 1 }], rate),
    );
    await fc.assert(property, { seed: SEED, numRuns: 100, endOnFailure: true });
  }, 60_000);

  it.each([
    ['exactly half goes up', [{ price: 50, quantity: 1 }], 100],
    ['just below half goes down', [{ price: 4_999, quantity: 1 }], 1],
    ['just half of the smallest rate goes up', [{ price: 5_000, quantity: 1 }], 1],
    ['28.5, which floats make 28.4999…', [{ price: 5_000, quantity: 1 }], 57],
    ['a rate that no binary fraction holds', [{ price: 999_999_999, quantity: 99 }], 1_157],
    ['a rate of 100 %', [{ price: 333, quantity: 3 }], 10_000],
    ['nothing to pay', [{ price: 0, quantity: 1 }], 1_100],
    ['the largest that is exact', [{ price: MAX_PRICE, quantity: 4_999 }], 10_000],
    ['too large for one order', [{ price: MAX_PRICE, quantity: MAX_QUANTITY }], 1],
    [
      'two halves that make a whole',
      [
        { price: 25, quantity: 1 },
        { price: 25, quantity: 1 },
      ],
      200,
    ],
  ])('%s', async (_, given, rate) => {
    await check(given, rate);
  });
});
