import { expect } from 'vitest';
import { untilAuditOk } from '../support/audit.js';
import { viewer } from '../support/client.js';
import { host } from '../support/host.js';
import { buyer, paymentIdOf, stockOf, untilOrder } from '../support/orders.js';
import type { Reachable } from '../support/server-environment.js';
import { StockWatch } from '../support/stock-watch.js';

/** One of everything that the contract promises, in one shop: what Redis is behind it must make no difference. */
export async function shopDay(one: Reachable, other: Reachable, shop: string): Promise<void> {
  const seller = host(one, shop);
  const stage = await seller.stage(20);
  const { itemId, liveId } = stage;
  const watch = new StockWatch(await viewer(other, shop, 'watcher'), shop, liveId);
  await watch.join();

  const ani = await buyer(one, shop, stage, 'ani');
  const wish = { liveId, itemId, quantity: 3, requestId: 'mine' };
  const { booking } = await ani.client.ask('booking:create', wish);
  const elsewhere = await viewer(other, shop, 'ani');
  expect((await elsewhere.ask('booking:create', wish)).booking).toEqual(booking);
  expect(booking.sequence).toBe(1);
  await elsewhere.ask('booking:cancel', { bookingId: booking.bookingId, quantity: 1 });

  const { checkoutId } = await ani.checkout();
  const paid = await ani.place(checkoutId, 'qris');
  await fetch(`${other.url}/sandbox/qris/${paymentIdOf(paid)}/pay`, { method: 'POST' });
  await untilOrder(seller, paid.orderId, 'paid');
  const cancelled = await ani.buy({ quantity: 2 });
  await ani.client.ask('order:cancel', { orderId: cancelled.orderId });
  expect((await seller.restock(itemId, 5, 'more')).status).toBe(200);
  expect((await seller.restock(itemId, 5, 'more')).status).toBe(200);

  await seller.settings({ booking: { bookingTimeoutMinutes: 0.01 } });
  const short = await ani.book(4);
  await ani.client.next('booking:updated', (told) => {
    return told.booking.bookingId === short.bookingId && told.booking.status === 'expired';
  });
  expect(await stockOf(seller, itemId)).toEqual({
    available: 23,
    booked: 0,
    allocated: 0,
    sold: 2,
  });
  await watch.settled(seller, itemId);
  await untilAuditOk(seller);
}
