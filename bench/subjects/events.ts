/**
 * Stock and bookings over Socket.IO's own events, for bad networks: an emit to the room for each booking, with connection state
 * recovery if `RECOVERY` says so. Redis keeps the stock and who has booked what.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient } from 'redis';
import { Server } from 'socket.io';
import { serve } from '../rig/serve.js';

const ROOM = 'live';
const ITEMS = (process.env.ITEMS ?? '').split(',');
const STOCK = 1_000_000;
const RECOVERED_WITHIN_MS = 120_000;

const redis = createClient({ url: process.env.REDIS_URL ?? '' });
redis.on('error', () => {});
await redis.connect();
for (const itemId of ITEMS) await redis.set(`stock:${itemId}`, STOCK);

const http = createServer();
const io = new Server(http, {
  serveClient: false,
  ...(process.env.RECOVERY === '1'
    ? { connectionStateRecovery: { maxDisconnectionDuration: RECOVERED_WITHIN_MS } }
    : {}),
});
const live = io.of('/live');

const stock = () =>
  Promise.all(
    ITEMS.map(async (itemId) => ({
      itemId,
      available: Number(await redis.get(`stock:${itemId}`)),
    })),
  );

live.on('connection', (socket) => {
  const { viewerId } = socket.handshake.auth as { viewerId?: string };
  socket.on('live:join', async (_payload: unknown, ack: (answer: unknown) => void) => {
    await socket.join(ROOM);
    ack({ ok: true, data: { items: await stock() } });
  });
  socket.on(
    'booking:create',
    async (
      { itemId, requestId }: { itemId: string; requestId: string },
      ack: (answer: unknown) => void,
    ) => {
      const [available] = await redis
        .multi()
        .decr(`stock:${itemId}`)
        .sAdd(`cart:${viewerId}`, requestId)
        .exec();
      ack({ ok: true });
      live.to(ROOM).emit('stock:changed', { items: [{ itemId, available: Number(available) }] });
    },
  );
});
await new Promise<void>((resolve) => http.listen({ port: 0, backlog: 4_096 }, resolve));

const methods = {
  ready: () => (http.address() as AddressInfo).port,
  stock,
  cart: (viewerId: string) => redis.sMembers(`cart:${viewerId}`),
};
export type EventsMethods = typeof methods;
serve(methods, () => process.exit(0));
