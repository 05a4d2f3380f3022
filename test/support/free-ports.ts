import { once } from 'node:events';
import { createServer, type ListenOptions, type Server } from 'node:net';

/** Below the range from which the system takes ports for outgoing connections. */
const FROM = 10_000;
const TO = 32_000;
/** How many ranges there are: a test process looks in one of its own, so two that ask at once are not given the same port. */
const RANGES = 20;

/** Given to this process already: a program that is killed comes back to its port. */
const taken = new Set<number>();

/**
 * Ports of the loopback that are free, for programs that must be told theirs. They are this process's until it ends, also
 * while nothing listens there.
 */
export async function freePorts(count: number): Promise<number[]> {
  const size = (TO - FROM) / RANGES;
  const first = FROM + (rangeOfThisProcess() % RANGES) * size;
  const held = new Map<number, Server>();
  while (held.size < count) {
    const port = first + Math.floor(Math.random() * size);
    if (taken.has(port) || !(await reserve(port))) continue;
    const server = await listen({ port, host: '127.0.0.1' });
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

/**
 * Whether no other test process has the port, in this run or in another on the same machine: whoever has it listens on a name
 * that the system forgets with its owner. Only Linux has such names.
 */
async function reserve(port: number): Promise<boolean> {
  taken.add(port);
  if (process.platform !== 'linux') return true;
  const owner = await listen({ path: `\0livehold-test-port-${port}` });
  owner?.unref();
  return owner !== undefined;
}

/** A server that listens there, or nothing where somebody does already. */
function listen(where: ListenOptions): Promise<Server | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('listening', () => resolve(server));
    server.once('error', () => resolve(undefined));
    server.listen(where);
  });
}
