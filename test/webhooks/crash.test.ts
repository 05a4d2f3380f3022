import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import pg from 'pg';
import { expect, it } from 'vitest';
import { anyDatabase } from '../archive/databases.js';
import { atEnd } from '../support/at-end.js';
import { endChild, spawnChild } from '../support/child.js';
import { freePorts } from '../support/free-ports.js';
import { host } from '../support/host.js';
import { buyer } from '../support/orders.js';
import { startRedis } from '../support/redis-server.js';
import { startServer } from '../support/server.js';
import { spawnServer } from '../support/server-process.js';
import { signToken } from '../support/tokens.js';
import { until } from '../support/until.js';
import { Receiver } from './receiver.js';

it('delivers everything to a receiver that is down half the time, in the order of each order, though its server is killed', async () => {
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

it('leaves no paid order out of the books of the example, and books none twice, however often that is killed', async () => {
  const [BOOKS, redis] = await Promise.all([anyDatabase(), startRedis()]);
  const server = await startServer({ redisUrl: redis.url });
  const seller = host(server);
  const stage = await seller.stage(100);
  const ani = await buyer(server, seller.shop, stage);
  const books = new pg.Client(BOOKS);
  await books.connect();
  atEnd(() => books.end());
  const booked = async () => {
    const answer = await books.query('select order_id from paid_orders').catch(() => undefined);
    return answer?.rows.map(({ order_id }) => order_id as string) ?? [];
  };
  const TOKEN = signToken({ sub: 'books', shop: seller.shop, role: 'host' });
  const start = () =>
    spawnChild(process.execPath, ['examples/bookkeeping.mjs'], {
      env: { ...process.env, LIVEHOLD: server.url, TOKEN, BOOKS },
    });
  const paid: string[] = [];
  const pay = async () => {
    const { orderId } = await ani.buy();
    await seller.post(`/orders/${orderId}/confirm-payment`);
    paid.push(orderId);
  };
  for (let times = 0; times < 3; times++) {
    await pay();
    const before = (await booked()).length;
    const example = start();
    await until('it books', async () => (await booked()).length > before);
    // Killed wherever it is by then, with more to book.
    for (let more = Math.random() * 3; more > 0; more--) await pay();
    await endChild(example, 'SIGKILL');
  }
  const last = start();
  await until('all are booked', async () => (await booked()).length >= paid.length);
  await endChild(last, 'SIGKILL');
  expect((await booked()).sort()).toEqual(paid.sort());
});
