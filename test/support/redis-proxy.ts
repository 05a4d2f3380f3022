import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { atEnd } from './at-end.js';
import type { RedisServer } from './redis-server.js';

/** A TCP proxy in front of a Redis: the network between it and a server, which a test can spoil. */
export async function startRedisProxy(redis: RedisServer): Promise<RedisProxy> {
  const proxy = new RedisProxy(redis.socketPath);
  atEnd(() => proxy.close());
  await proxy.listen();
  return proxy;
}

export class RedisProxy {
  private readonly target: string;
  private readonly server = createServer((client) => this.link(client));
  private readonly links = new Set<Link>();
  private open = true;
  private delayMs = 0;

  constructor(target: string) {
    this.target = target;
  }

  get url(): string {
    return `redis://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async listen(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
  }

  /** Breaks every connection and lets no new one through, until `mend()`. */
  cut(): void {
    this.open = false;
    for (const link of this.links) link.break();
  }

  mend(): void {
    this.open = true;
  }

  /** Holds every answer back for so long, ms. */
  delay(ms: number): void {
    this.delayMs = ms;
  }

  /**
   * Waits for a command that contains `text`, lets Redis execute it, swallows the answer and breaks that connection.
   * Resolves when it has done so.
   */
  loseReplyTo(text: string): Promise<void> {
    return new Promise((resolve) => {
      for (const link of this.links) link.loseReplyTo(text, resolve);
    });
  }

  async close(): Promise<void> {
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }

  private link(client: Socket): void {
    if (!this.open) {
      client.destroy();
      return;
    }
    const link = new Link(client, connect(this.target), () => this.delayMs);
    this.links.add(link);
    client.on('close', () => this.links.delete(link));
  }
}

/** One connection through the proxy. */
class Link {
  private readonly client: Socket;
  private readonly redis: Socket;
  private readonly late: Buffer[] = [];
  private wanted: { text: string; lost: () => void } | undefined;
  private asked = false;

  constructor(client: Socket, redis: Socket, delayMs: () => number) {
    this.client = client;
    this.redis = redis;
    client.on('data', (chunk) => {
      if (this.wanted && chunk.includes(this.wanted.text)) this.asked = true;
      redis.write(chunk);
    });
    redis.on('data', (chunk) => {
      if (this.asked) {
        this.break();
        this.wanted?.lost();
      } else if (delayMs() > 0 || this.late.length > 0) {
        this.late.push(chunk);
        setTimeout(() => client.write(this.late.shift() ?? ''), delayMs());
      } else {
        client.write(chunk);
      }
    });
    for (const socket of [client, redis]) {
      socket.on('error', () => {});
      socket.on('close', () => this.break());
    }
  }

  loseReplyTo(text: string, lost: () => void): void {
    this.wanted = { text, lost };
  }

  break(): void {
    this.client.destroy();
    this.redis.destroy();
  }
}
