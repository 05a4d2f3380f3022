import type { Host, Stage } from '../support/host.js';
import { buyer } from '../support/orders.js';
import type { TestServer } from '../support/server.js';

/** A bit of everything: booked, cancelled, paid, refunded, restocked, corrected. */
export async function evening(seller: Host, server: Pick<TestServer, 'url'>): Promise<Stage> {
  const stage = await seller.stage(10, 5);
  await seller.settings({ booking: { cancelPenaltyPerItem: 10, paidRewardPerItem: 1 } });
  const ani = await buyer(server, seller.shop, stage, 'ani');
  const budi = await buyer(server, seller.shop, stage, 'budi');
  const { bookingId } = await budi.book(2);
  await budi.client.ask('booking:cancel', { bookingId, quantity: 1 });
  await budi.client.ask('booking:cancel', { bookingId });
  const recipient = { name: 'Ani', phone: '081234567890', address: 'Jl. Mawar 1' };
  await ani.client.ask('me:update', { recipient });
  const order = await ani.buy({ quantity: 2 });
  await seller.post(`/orders/${order.orderId}/confirm-payment`);
  await seller.patch(`/orders/${order.orderId}`, { hostNote: 'mau warna lain' });
  await seller.patch(`/orders/${order.orderId}`, { fulfilment: 'packed', tracking: 'JNE1' });
  await seller.post(`/orders/${order.orderId}/refund`, { restock: true, requestId: 'back' });
  const second = await ani.buy();
  await ani.client.ask('order:cancel', { orderId: second.orderId });
  await seller.restock(stage.itemId, 7);
  await seller.post('/viewers/ani/reputation', { delta: 5, reason: 'maaf', requestId: 'sorry' });
  return stage;
}
