import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** Below the range from which the system takes ports for outgoing connections. */
const FROM = 10_000;
const TO = 32_000;
/** How many ranges there are: a test process looks in one of its own, so two that ask at once are not given the same port. */
const RANGES = 20;

/** Ports of the loopback that are free, for programs that must be told theirs. */
export async function freePorts(count: number): Promise<number[]> {
  const size = (TO - FROM) / RANGES;
  const first = FROM + (rangeOfThisProcess() % RANGES) * size;
  const held = new Map<number, Server>();
  while (held.size < count) {
    const port = first + Math.floor(Math.random() * size);
    const server = await hold(port);
    if (server) held.set(port, server);
  }
  for (const server of held.values()) {
    server.close();
    await once(server, 'close');
  }
  return [...held.keys()];
}

/** Vitest numbers the processes that run at the same time; outside of it there is one alone. */
function rangeOfThisProcess(): number {
  return Number(process.env.VITEST_POOL_ID ?? process.pid);
}

/** A server that listens on the port, or nothing where the port is taken. */
async function hold(port: number): Promise<Server | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('listening', () => resolve(server));
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1');
  });
}
