import type { Logger } from 'pino';
import type { Server } from 'socket.io';

/** How often buffers are looked at, ms. */
const EVERY_MS = 1_000;
/** Messages that wait for one client: half a minute of a busy live. Past this it is dropped, and may come back. */
const MOST_WAITING = 600;

/**
 * A client that does not read what it is sent would fill this server's memory. It is cut off; when it reconnects, a fresh
 * snapshot is cheaper than what it missed. Answers the timer, for the shutdown to stop.
 */
export function dropSlowReaders(io: Server, log: Logger): NodeJS.Timeout {
  const clients = () => (io.engine as unknown as Engine).clients;
  const timer = setInterval(() => {
    for (const client of Object.values(clients())) {
      if (client.writeBuffer.length <= MOST_WAITING) continue;
      log.warn({ waiting: client.writeBuffer.length }, 'dropped a client that does not read');
      client.close(true);
      // It would not read the closing handshake either, and until that is over nothing of it is freed.
      client.transport.socket?.terminate();
    }
  }, EVERY_MS);
  timer.unref();
  return timer;
}

/** The part of Engine.IO that is used here; its types keep the list of clients to themselves. */
interface Engine {
  clients: Record<
    string,
    {
      writeBuffer: unknown[];
      transport: { socket?: { terminate(): void } };
      close(discard: boolean): void;
    }
  >;
}
