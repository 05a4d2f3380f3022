import { setTimeout as delay } from 'node:timers/promises';
import type { Booking } from '../../../src/protocol/booking.js';
import type { Order } from '../../../src/protocol/order.js';
import { shopKey } from '../../../src/store/keys.js';
import type { Crowd } from '../crowd/crowd.js';
import type { Finding } from '../guarantees.js';
import { type Market, readAll } from '../market.js';
import type { Scene } from '../scene.js';

/** Those who wait in line are served one after the other, each for as long as a hold lasts. */
const AT_REST_WITHIN_MS = 40_000;
/** Nothing is given longer than this, ms. */
const LONGEST_HOLD_MS = 10_000;
const LOOK_EVERY_MS = 100;

/** Waits until every deadline is over and nothing is held or awaits payment; says so when that does not come. */
export async function comeToRest(scene: Scene, market: Market, crowd: Crowd): Promise<Finding[]> {
  const left = crowd.history.lastDeadline - performance.now();
  if (left > LONGEST_HOLD_MS) {
    const detail = `something ends in ${Math.round(left / 1_000)} s only`;
    return [{ guarantee: 'deadlines', detail }];
  }
  await delay(Math.max(0, left));
  const end = performance.now() + AT_REST_WITHIN_MS;
  for (;;) {
    const open = await openEnds(scene, market).catch((error: Error) => [error.message]);
    if (open.length === 0) return [];
    if (performance.now() > end) {
      const detail = `past their deadlines: ${open.slice(0, 3).join(', ')}, ${open.length} in all`;
      return [{ guarantee: 'deadlines', detail }];
    }
    await delay(LOOK_EVERY_MS);
  }
}

/** What is still held or unpaid. Orders at a gateway end when it is their turn to be asked about, which is now. */
async function openEnds({ store, midtrans }: Scene, market: Market): Promise<string[]> {
  if (midtrans) {
    await midtrans.notifier.idle();
    const key = `${shopKey(market.shopId)}:payments:open`;
    await store.ask(async (client) => {
      const due = (await client.zRange(key, 0, -1)).map((value) => ({ score: 1, value }));
      if (due.length > 0) await client.zAdd(key, due, { condition: 'XX' });
    });
  }
  // In this order: units of an order that ends may go to somebody who waits, and are held then.
  const unpaid = await readAll<Order>(market, '/orders?status=awaiting_payment');
  const held = await readAll<Booking>(market, `/bookings?status=held&liveId=${market.liveId}`);
  return [...held.map(({ bookingId }) => bookingId), ...unpaid.map(({ orderId }) => orderId)];
}
