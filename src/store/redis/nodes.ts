import { closeRedis, type RedisNode } from './connection.js';

/** A server asked for the first time may take this long to connect before a command is refused, ms. */
const FIRST_CONNECT_MS = 500;

/** Clients of several servers, by address, each opened when it is first asked for. */
export class Nodes {
  private readonly clients = new Map<string, RedisNode>();
  private readonly connecting = new Map<string, Promise<unknown>>();
  private readonly create: (address: string) => RedisNode;
  private closed = false;

  constructor(create: (address: string) => RedisNode) {
    this.create = create;
  }

  at(address: string): RedisNode {
    let client = this.clients.get(address);
    if (!client) {
      client = this.create(address);
      this.clients.set(address, client);
      // It tries for ever, so this settles when it is connected, or destroyed because nobody wants it any more.
      const first = this.closed ? Promise.resolve() : client.connect().catch(() => {});
      this.connecting.set(
        address,
        first.finally(() => this.connecting.delete(address)),
      );
    }
    return client;
  }

  /** The same, with a new one given a moment to connect: what was moved there need not be refused. */
  async ready(address: string): Promise<RedisNode> {
    const client = this.at(address);
    const first = this.connecting.get(address);
    if (first && !client.isReady) {
      let timer: NodeJS.Timeout | undefined;
      const patience = new Promise((resolve) => {
        timer = setTimeout(resolve, FIRST_CONNECT_MS);
      });
      await Promise.race([first, patience]);
      clearTimeout(timer);
    }
    return client;
  }

  all(): Map<string, RedisNode> {
    return this.clients;
  }

  /** Ends those that are not among the given. What waits on them is refused. */
  keepOnly(addresses: Set<string>): void {
    for (const [address, client] of this.clients) {
      if (addresses.has(address)) continue;
      this.clients.delete(address);
      if (client.isOpen) client.destroy();
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.clients.values()].map(closeRedis));
    this.clients.clear();
  }
}
