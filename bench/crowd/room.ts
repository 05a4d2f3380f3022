/** Clients of a Colyseus room, as light as the viewers of the crowd: they count what is broadcast to them. */
import { TextSocket } from '../client/websocket.js';
import { serve } from '../rig/serve.js';

/** The first byte of a message says what it is. */
const JOINED = 10;
const BROADCAST = 13;
const AT_ONCE = 50;
const IN_WITHIN_MS = 30_000;

let sockets: TextSocket[] = [];
let frames = 0;

/** A seat in the room, as the server's matchmaker gives it. */
async function reserve(url: string): Promise<URL> {
  const response = await fetch(`${url}/matchmake/joinOrCreate/live`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  const { room, sessionId } = (await response.json()) as {
    room: { processId: string; roomId: string };
    sessionId: string;
  };
  const seat = new URL(`/${room.processId}/${room.roomId}?sessionId=${sessionId}`, url);
  seat.protocol = 'ws:';
  return seat;
}

async function joinOne(url: string): Promise<void> {
  const seat = await reserve(url);
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the room did not answer')), IN_WITHIN_MS);
    const socket: TextSocket = new TextSocket(seat, {
      open: () => {},
      text: () => {},
      binary: (payload) => {
        if (payload[0] === BROADCAST) frames++;
        if (payload[0] !== JOINED) return;
        clearTimeout(timer);
        // Nothing is sent to a client that has not said that it is there.
        socket.sendBinary(Buffer.from([JOINED]));
        resolve();
      },
      close: (reason) => reject(new Error(reason)),
    });
    sockets.push(socket);
  });
}

const methods = {
  async join(url: string, count: number): Promise<void> {
    let left = count;
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        while (left-- > 0) await joinOne(url);
      }),
    );
  },
  /** Frames since the last call, over all clients. */
  countFrames(): number {
    const counted = frames;
    frames = 0;
    return counted;
  },
  bytesRead: () => TextSocket.bytesRead,
  leave(): void {
    for (const socket of sockets) socket.destroy();
    sockets = [];
  },
};
export type RoomMethods = typeof methods;
serve(methods, () => methods.leave());
