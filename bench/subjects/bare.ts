/**
 * The bare part that does the same work on the wire: a Socket.IO server that answers and emits what it was given, with
 * no token, no check and no store.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { serve } from '../rig/serve.js';

/** What the product answers to the same commands: the bare answers have its size. */
export interface Samples {
  join: unknown;
  booking: unknown;
  stock: unknown;
}

const ROOM = 'live/shop/live';
let samples: Samples = { join: {}, booking: {}, stock: {} };

const http = createServer();
// The same options as the product's, so that only the product's own work differs.
const io = new Server(http, {
  perMessageDeflate: false,
  httpCompression: false,
  serveClient: false,
});
const live = io.of('/live');
live.on('connection', (socket) => {
  socket.on('live:join', (_payload: unknown, ack: (answer: unknown) => void) => {
    void socket.join(ROOM);
    ack(samples.join);
  });
  socket.on('booking:create', (_payload: unknown, ack: (answer: unknown) => void) => {
    ack(samples.booking);
  });
});
await new Promise<void>((resolve) => http.listen({ port: 0, backlog: 4_096 }, resolve));

const methods = {
  ready: () => (http.address() as AddressInfo).port,
  sample(given: Samples) {
    samples = given;
  },
  /** Emits the sample to everyone who joined. */
  emit() {
    live.to(ROOM).emit('stock:changed', samples.stock);
  },
};
export type BareMethods = typeof methods;
serve(methods, () => void io.close());
