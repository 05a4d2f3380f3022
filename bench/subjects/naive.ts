/**
 * The baseline as tutorials teach it: WATCH, GET, MULTI and EXEC for each booking, an emit to the room for each
 * booking, and Redis's expiry notifications to release holds.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient, createClientPool } from 'redis';
import { Server } from 'socket.io';
import { serve } from '../rig/serve.js';

const ROOM = 'live';
const HOLD_SECONDS = 900;
/** Connections that transactions share; WATCH needs one for itself. */
const CONNECTIONS = 16;
const ATTEMPTS = 1_000;

const url = process.env.REDIS_URL ?? '';
const redis = createClient({ url });
const expiries = createClient({ url });
const transactions = createClientPool(
  { url },
  { minimum: CONNECTIONS, maximum: CONNECTIONS, acquireTimeout: 60_000 },
);
for (const client of [redis, expiries, transactions]) client.on('error', () => {});
await Promise.all([redis.connect(), expiries.connect(), transactions.connect()]);

const http = createServer();
const io = new Server(http, { perMessageDeflate: false, serveClient: false });
const live = io.of('/live');

interface Request {
  itemId: string;
  quantity: number;
  requestId: string;
}

/** Answers what is left, or nothing when too little is. */
async function book(viewerId: string, { itemId, quantity, requestId }: Request) {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const left = await transactions.execute(async (client) => {
      await client.watch(`stock:${itemId}`);
      const stock = Number(await client.get(`stock:${itemId}`));
      if (stock < quantity) {
        await client.unwatch();
        return undefined;
      }
      try {
        await client
          .multi()
          .decrBy(`stock:${itemId}`, quantity)
          .hSet(`booking:${requestId}`, { viewerId, itemId, quantity, status: 'held' })
          .sAdd(`cart:${viewerId}`, requestId)
          .set(`hold:${itemId}:${requestId}`, quantity, { EX: HOLD_SECONDS })
          .exec();
        return stock - quantity;
      } catch {
        return 'again' as const;
      }
    });
    if (left !== 'again') return left;
  }
  return undefined;
}

live.on('connection', (socket) => {
  socket.on('live:join', async (_payload: unknown, ack: (answer: unknown) => void) => {
    await socket.join(ROOM);
    const itemIds = await redis.sMembers('items');
    const items = await Promise.all(
      itemIds.map(async (itemId) => ({
        itemId,
        available: Number(await redis.get(`stock:${itemId}`)),
      })),
    );
    ack({ ok: true, data: { items } });
  });
  socket.on('booking:create', async (request: Request, ack: (answer: unknown) => void) => {
    const available = await book(socket.id, request);
    if (available === undefined) {
      ack({ ok: false, error: { code: 'SOLD_OUT' } });
      return;
    }
    const { itemId, quantity, requestId } = request;
    const booking = { bookingId: requestId, itemId, quantity, status: 'held' };
    ack({ ok: true, data: { booking, item: { itemId, available } } });
    live.to(ROOM).emit('stock:changed', { items: [{ itemId, available }] });
  });
});

await redis.configSet('notify-keyspace-events', 'Ex');
await expiries.subscribe('__keyevent@0__:expired', (key) => {
  const [kind, itemId = ''] = key.split(':');
  if (kind !== 'hold') return;
  void redis.incr(`stock:${itemId}`).then((available) => {
    live.to(ROOM).emit('stock:changed', { items: [{ itemId, available }] });
  });
});
await new Promise<void>((resolve) => http.listen({ port: 0, backlog: 4_096 }, resolve));

const methods = {
  ready: () => (http.address() as AddressInfo).port,
  async stockItem(itemId: string, stock: number) {
    await redis.sAdd('items', itemId);
    await redis.set(`stock:${itemId}`, stock);
  },
};
export type NaiveMethods = typeof methods;
serve(methods, () => process.exit(0));
