import { beforeAll, describe, expect, it } from 'vitest';
import type { Order } from '../../src/protocol/order.js';
import { untilAuditOk } from '../support/audit.js';
import { type Host, host } from '../support/host.js';
import { Midtrans, startMidtransServer } from '../support/midtrans-server.js';
import { type Buyer, buyer, orderOf, paymentIdOf, stockOf } from '../support/orders.js';
import { startRedis } from '../support/redis-server.js';
import type { TestServer } from '../support/server.js';

/** How long the gateway repeats its answer to the same charge, and a little more. */
const FORGOTTEN_MS = 15 * 60_000 + 6 * 60_000;

let midtrans: Midtrans;
let server: TestServer;

beforeAll(async () => {
  midtrans = await Midtrans.start();
  server = await startMidtransServer((await startRedis()).url, midtrans);
});

/** An order whose charge was carried out, whose answer was lost, and whose key the gateway has forgotten since. */
async function lostCharge(): Promise<{ seller: Host; itemId: string; ani: Buyer; order: Order }> {
  midtrans.expireAfter();
  const seller = host(server);
  const stage = await seller.stage(5);
  const ani = await buyer(server, seller.shop, stage);
  await midtrans.notifier.idle();
  midtrans.lookalike.dropAnswers();
  await expect(ani.buy({ quantity: 2, method: 'qris' })).rejects.toThrow(/PAYMENT_UNAVAILABLE/);
  const [order] = (await ani.client.ask('me:get', {})).orders;
  midtrans.expireAfter(FORGOTTEN_MS);
  return { seller, itemId: stage.itemId, ani, order: order as Order };
}

function lastCharge(): string {
  const charges = midtrans.lookalike.requests.filter(({ path }) => path === '/v2/charge');
  const body = charges.at(-1)?.body as { transaction_details: { order_id: string } };
  return body.transaction_details.order_id;
}

function payAgain({ ani, order }: { ani: Buyer; order: Order }) {
  return ani.client.emit('order:pay', { orderId: order.orderId, paymentMethod: 'qris' });
}

describe('a charge whose QR can never be had again', () => {
  it('is closed, and the order can be paid again', async () => {
    const scene = await lostCharge();
    const lost = lastCharge();
    const refused = await payAgain(scene);
    expect(refused).toMatchObject({ ok: false, error: { code: 'PAYMENT_UNAVAILABLE' } });
    expect(midtrans.asked(lost)).toContain('cancel');
    const ack = await payAgain(scene);
    if (!ack.ok) throw new Error(ack.error.message);
    midtrans.payments.settle(paymentIdOf(ack.data.order));
    await scene.ani.told(scene.order.orderId, 'paid');
    expect(await stockOf(scene.seller, scene.itemId)).toMatchObject({ available: 3, sold: 2 });
    await untilAuditOk(scene.seller);
  });

  it('and that was paid all the same is found paid when it is to be closed', async () => {
    const scene = await lostCharge();
    await midtrans.settleUnnoticed(lastCharge());
    expect((await payAgain(scene)).ok).toBe(false);
    expect(await orderOf(scene.seller, scene.order.orderId)).toMatchObject({ status: 'paid' });
    expect(await stockOf(scene.seller, scene.itemId)).toMatchObject({ available: 3, sold: 2 });
    await untilAuditOk(scene.seller);
  });
});
