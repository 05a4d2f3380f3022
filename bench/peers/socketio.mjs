/**
 * One of several Socket.IO servers that speak to each other over Redis, with one of its two official adapters. It emits
 * a frame that it was given to everyone who joined on any of them.
 */
import { createServer } from 'node:http';
import { createAdapter as createPubSubAdapter } from '@socket.io/redis-adapter';
import { createAdapter as createStreamsAdapter } from '@socket.io/redis-streams-adapter';
import { createClient } from 'redis';
import { Server } from 'socket.io';
import { serve } from '../../dist/bench/bench/rig/serve.js';

const ROOM = 'live/shop/live';
let frame = {};

const redis = createClient({ url: process.env.REDIS_URL ?? '' });
redis.on('error', () => {});
await redis.connect();

async function adapter() {
  if (process.env.ADAPTER === 'streams') return createStreamsAdapter(redis);
  const subscriber = redis.duplicate();
  subscriber.on('error', () => {});
  await subscriber.connect();
  return createPubSubAdapter(redis, subscriber);
}

const http = createServer();
const io = new Server(http, {
  adapter: await adapter(),
  perMessageDeflate: false,
  httpCompression: false,
  serveClient: false,
});
const live = io.of('/live');
live.on('connection', (socket) => {
  socket.on('live:join', async (_payload, ack) => {
    await socket.join(ROOM);
    ack({ ok: true });
  });
});
await new Promise((resolve) => http.listen({ port: 0, backlog: 4_096 }, () => resolve(undefined)));

serve(
  {
    ready: () => http.address().port,
    /** @param {unknown} given what to emit from now on */
    sample(given) {
      frame = given;
    },
    emit() {
      live.to(ROOM).emit('stock:changed', frame);
    },
  },
  () => process.exit(0),
);
