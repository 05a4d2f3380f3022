import { expect, it } from 'vitest';
import { host } from '../support/host.js';
import { Midtrans } from '../support/midtrans-server.js';
import { buyer, noticesOf, paymentIdOf, stockOf } from '../support/orders.js';
import { startRedis } from '../support/redis-server.js';
import { startServer } from '../support/server.js';
import { until } from '../support/until.js';
import { anyDatabase } from './databases.js';

it('takes money for an order that leaves Redis between its payment being found and settled', async () => {
  const [redis, midtrans, url] = await Promise.all([startRedis(), Midtrans.start(), anyDatabase()]);
  const server = await startServer({
    ...midtrans.environment,
    redisUrl: redis.url,
    DATABASE_URL: url,
    RETENTION_DAYS: '0.00003',
  });
  midtrans.notify(server);
  const seller = host(server);
  const stage = await seller.stage(5);
  const ani = await buyer(server, seller.shop, stage);
  midtrans.expireAfter(0);
  const order = await ani.buy({ quantity: 2, method: 'qris' });
  const client = await redis.client();
  const found = `livehold:payment:${paymentIdOf(order)}`;
  const home = await client.get(found);
  await ani.told(order.orderId, 'expired');
  await midtrans.notifier.idle();
  // As days later, when the gateway is asked about it no more.
  await client.zRem(`livehold:{${seller.shop}}:payments:open`, paymentIdOf(order));
  await until('it has left', async () => {
    const keys = [`livehold:{${seller.shop}}:order:${order.orderId}`, found];
    return (await client.exists(keys)) === 0;
  });
  // As whoever has read this before it was deleted; also a server that died before it could delete it.
  await client.set(found, home ?? '');

  await midtrans.notifier.idle();
  midtrans.payments.settle(paymentIdOf(order));
  await midtrans.notifier.idle();
  expect(await ani.told(order.orderId, 'paid')).toMatchObject({ payment: { status: 'paid' } });
  expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 3, sold: 2 });
  expect(await noticesOf(seller, paymentIdOf(order))).toContainEqual(
    expect.objectContaining({ outcome: 'paid', reason: 'late_but_in_stock' }),
  );
  expect(await seller.audit()).toMatchObject({ ok: true, problems: [] });
});
