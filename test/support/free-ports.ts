import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** Below the range from which the system takes ports for outgoing connections. */
const FROM = 10_000;
const TO = 32_000;

/** Ports of the loopback that are free, for programs that must be told theirs. */
export async function freePorts(count: number): Promise<number[]> {
  const held: Server[] = [];
  const ports: number[] = [];
  while (ports.length < count) {
    const port = FROM + Math.floor(Math.random() * (TO - FROM));
    const server = createServer();
    server.listen(port, '127.0.0.1');
    const outcome = await Promise.race([
      once(server, 'listening').then(() => true),
      once(server, 'error').then(() => false),
    ]);
    if (!outcome) continue;
    held.push(server);
    ports.push(port);
  }
  for (const server of held) {
    server.close();
    await once(server, 'close');
  }
  return ports;
}
