import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { spawnChild } from '../support/child.js';
import { freePorts } from '../support/free-ports.js';
import { host } from '../support/host.js';
import { buyer } from '../support/orders.js';
import { startRedis } from '../support/redis-server.js';
import { startServer } from '../support/server.js';
import { spawnServer } from '../support/server-process.js';
import { until } from '../support/until.js';
import { Receiver } from './receiver.js';

it('tells a receiver that is down half the time everything, in the order of each order, though its server is killed', async () => {
  const redisUrl = (await startRedis()).url;
  const environment = { redisUrl, WEBHOOK_ALLOW_PRIVATE: 'true' };
  const receiver = await Receiver.start();
  let asked = 0;
  receiver.answers = () => (asked++ % 2 === 0 ? 503 : 204);
  const follower = await spawnServer(environment);
  const seller = host(follower);
  const types = ['order.placed', 'order.paid', 'order.fulfilment'];
  const each = 3;
  await seller.post('/webhooks', { url: receiver.url, types });
  const stage = await seller.stage(100);
  const orderIds: string[] = [];
  async function sell(server: { url: string }, n: number) {
    const here = host(server, seller.shop);
    await Promise.all(
      Array.from({ length: n }, async (_, i) => {
        const { orderId } = await (
          await buyer(server, seller.shop, stage, `b${orderIds.length}-${i}`)
        ).buy();
        orderIds.push(orderId);
        await here.post(`/orders/${orderId}/confirm-payment`);
        await here.patch(`/orders/${orderId}`, { fulfilment: 'packed' });
      }),
    );
  }
  await sell(follower, each);
  await until('something came', () => receiver.got.length > 0);
  const other = await startServer(environment);
  await follower.kill('SIGKILL');
  await sell(other, each);
  await until('all came', () => receiver.events().length === 2 * each * types.length);
  for (const orderId of orderIds) {
    const told = receiver
      .events()
      .filter(({ data }) => (data.order as { orderId: string }).orderId === orderId);
    expect(told.map(({ type }) => type)).toEqual(types);
  }
});

it('is taken by the example, which goes by the signature', async () => {
  const server = await startServer({
    redisUrl: (await startRedis()).url,
    WEBHOOK_ALLOW_PRIVATE: 'true',
  });
  const [port = 0] = await freePorts(1);
  const seller = host(server);
  const { webhook } = await seller.post<{ webhook: { secret: string } }>('/webhooks', {
    url: `http://127.0.0.1:${port}/`,
    types: ['live.started'],
  });
  const example = spawnChild(process.execPath, ['examples/webhooks.mjs'], {
    env: { ...process.env, SECRET: webhook.secret, PORT: String(port) },
  });
  const lines = createInterface({ input: example.stdout as Readable })[Symbol.asyncIterator]();
  expect((await lines.next()).value).toBe('listening');
  await seller.stage(1);
  expect((await lines.next()).value).toMatch(/^live\.started {2}\d+-\d+-\d+$/);
  const forged = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: '{}' });
  expect(forged.status).toBe(400);
  example.kill('SIGKILL');
});
