/** A Colyseus server with one room, which broadcasts a frame that it was given. */
import { createServer } from 'node:http';
import { Room, Server } from '@colyseus/core';
import { WebSocketTransport } from '@colyseus/ws-transport';
import { serve } from '../../dist/bench/bench/rig/serve.js';

let frame = {};
/** @type {Room | undefined} */
let room;

class Live extends Room {
  onCreate() {
    room = this;
  }
}

const http = createServer();
const server = new Server({
  transport: new WebSocketTransport({ server: http }),
  greet: false,
  gracefullyShutdown: false,
});
server.define('live', Live);
await server.listen(0, '127.0.0.1', 4_096);

serve(
  {
    ready: () => http.address().port,
    /** @param {unknown} given what to broadcast from now on */
    sample(given) {
      frame = given;
    },
    emit() {
      room?.broadcast('stock:changed', frame);
    },
  },
  () => process.exit(0),
);
