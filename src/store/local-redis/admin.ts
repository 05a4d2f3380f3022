import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'redis';

/** Must not begin with `livehold`: a server's own connections do, and that is how one is told from us. */
const ADMIN_NAME = 'local-redis-keeper';
const SERVER_NAME_PREFIX = 'livehold';

/** Anything that takes longer to answer on a local socket is hung. */
const ANSWER_WITHIN_MS = 5_000;

/** Somebody accepts the connection, but nobody answers on it. */
export class RedisSilentError extends Error {
  override readonly name = 'RedisSilentError';
}

/**
 * One connection to a Redis on a unix socket, for keeping it rather than for using it.
 *
 * It never reconnects, so that `closed` is the one sign of death that works alike for a Redis that
 * is our child and for one that an earlier process left behind.
 */
export class RedisAdmin {
  readonly closed: Promise<void>;
  readonly #client: ReturnType<typeof openClient>;

  private constructor(client: ReturnType<typeof openClient>) {
    this.#client = client;
    this.closed = new Promise((resolve) => {
      client.once('terminated', () => resolve());
      client.once('end', () => resolve());
    });
  }

  /** `undefined` when nobody listens there: the socket is missing, or its owner is dead. */
  static async connect(socketPath: string): Promise<RedisAdmin | undefined> {
    const client = openClient(socketPath);
    const admin = new RedisAdmin(client);
    try {
      await answered(client.connect());
      return admin;
    } catch (error) {
      client.destroy();
      if (error instanceof RedisSilentError) throw error;
      return undefined;
    }
  }

  /** The folder that its data lives in: what tells our Redis from any other. */
  async folder(): Promise<string | undefined> {
    const { dir } = await answered(this.#client.configGet('dir'));
    return dir;
  }

  async processId(): Promise<number> {
    const info = await answered(this.#client.info('server'));
    return Number(/^process_id:(\d+)/m.exec(String(info))?.[1]);
  }

  /** Resolves once it has read all its data back and takes commands. */
  async loaded(signal: AbortSignal): Promise<void> {
    for (;;) {
      try {
        await answered(this.#client.ping());
        return;
      } catch (error) {
        if (!String(error).includes('LOADING')) throw error;
      }
      await delay(50, undefined, { signal });
    }
  }

  /** Whether a living Livehold works with it, or another keeper watches it for one that is starting. */
  async isInUse(): Promise<boolean> {
    const [self, clients] = await answered(
      Promise.all([this.#client.clientId(), this.#client.clientList()]),
    );
    return clients.some(
      ({ id, name }) => name.startsWith(SERVER_NAME_PREFIX) || (name === ADMIN_NAME && id !== self),
    );
  }

  /** Asks it to write everything out and go. The answer is that the connection closes. */
  shutdown(): void {
    this.#client.sendCommand(['SHUTDOWN']).catch(() => {
      // It went, or it refused: `closed` tells which.
    });
  }

  disconnect(): void {
    this.#client.destroy();
  }
}

function openClient(socketPath: string) {
  const client = createClient({
    name: ADMIN_NAME,
    socket: { path: socketPath, tls: false, reconnectStrategy: false },
  });
  client.on('error', () => {
    // `closed` and the rejected command say all there is to say.
  });
  return client;
}

/** The client puts no bound on a command that was written: a stopped Redis would hang the start. */
function answered<T>(reply: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const silence = setTimeout(
      () => reject(new RedisSilentError(`no answer within ${ANSWER_WITHIN_MS} ms`)),
      ANSWER_WITHIN_MS,
    );
    reply.finally(() => clearTimeout(silence)).then(resolve, reject);
  });
}
