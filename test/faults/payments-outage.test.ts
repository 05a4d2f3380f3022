import { beforeAll, describe, expect, it } from 'vitest';
import { scripts } from '../../src/store/scripts/index.js';
import { untilAuditOk } from '../support/audit.js';
import { host } from '../support/host.js';
import { Midtrans, startMidtransServer } from '../support/midtrans-server.js';
import { buyer, ledgerOf, noticesOf, paymentIdOf, stockOf, untilOrder } from '../support/orders.js';
import { type RedisProxy, startRedisProxy } from '../support/redis-proxy.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import type { TestServer } from '../support/server.js';
import { until } from '../support/until.js';

let redis: RedisServer;
let proxy: RedisProxy;
let midtrans: Midtrans;
let server: TestServer;

beforeAll(async () => {
  redis = await startRedis('always');
  proxy = await startRedisProxy(redis);
  midtrans = await Midtrans.start({ retryDelaysMs: [200, 1_000, 3_000, 6_000] });
  server = await startMidtransServer(proxy.url, midtrans);
});

async function ordered() {
  const seller = host(server);
  const stage = await seller.stage(5);
  const ani = await buyer(server, seller.shop, stage);
  await seller.settings({ booking: { cancelPenaltyPerItem: 10, paidRewardPerItem: 1 } });
  await ani.client.ask('booking:cancel', { bookingId: (await ani.book(1)).bookingId });
  const order = await ani.buy({ quantity: 2, method: 'qris' });
  await midtrans.notifier.idle();
  midtrans.notifier.deliveries.length = 0;
  return { seller, stage, order };
}

type Ordered = Awaited<ReturnType<typeof ordered>>;

async function expectPaidOnce({ seller, stage, order }: Ordered) {
  await untilOrder(seller, order.orderId, 'paid');
  expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 3, sold: 2 });
  const rewards = (await ledgerOf(seller, 'ani')).filter((e) => e.reason === 'order_paid');
  expect(rewards).toMatchObject([{ delta: 2 }]);
  const taken = (await noticesOf(seller)).filter((n) => n.outcome !== 'ignored');
  expect(taken).toMatchObject([{ paymentId: paymentIdOf(order), outcome: 'paid' }]);
  await untilAuditOk(seller);
}

const answers = () => midtrans.notifier.deliveries.map((one) => one.httpStatus);

describe('a settlement’s notice', () => {
  it('with Redis away is answered 503, and the gateway’s next one settles', async () => {
    const scene = await ordered();
    proxy.cut();
    midtrans.payments.settle(paymentIdOf(scene.order));
    await until('it was tried', () => answers().length > 0);
    proxy.mend();
    await midtrans.notifier.idle();
    expect(answers()[0]).toBe(503);
    expect(answers().at(-1)).toBe(200);
    await until('the server is back', async () => {
      return (await scene.seller.call('GET', '/orders')).status === 200;
    });
    await expectPaidOnce(scene);
  });

  it('whose settling was committed without an answer is answered 503, and the next has no effect', async () => {
    const scene = await ordered();
    const lost = proxy.loseReplyTo(scripts.paymentSettle.sha);
    midtrans.payments.settle(paymentIdOf(scene.order));
    await lost;
    await midtrans.notifier.idle();
    expect(answers()[0]).toBe(503);
    expect(answers().at(-1)).toBe(200);
    await expectPaidOnce(scene);
  });

  it('with Redis killed and started again on its data is not lost', async () => {
    const scene = await ordered();
    await redis.kill();
    midtrans.payments.settle(paymentIdOf(scene.order));
    await until('it was tried', () => answers().length > 0);
    await redis.start();
    await midtrans.notifier.idle();
    expect(answers()[0]).toBe(503);
    expect(answers().at(-1)).toBe(200);
    await expectPaidOnce(scene);
  });
});
