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

/** How what the network carries comes through. */
interface Weather {
  /** Each answer comes so much later, ms. */
  delayMs: number;
  /** What is sent in either direction stays on the way. */
  stuck: boolean;
  /** Commands arrive and are executed; of their answers none comes back. */
  deaf: boolean;
  /** Answers that say the one say the other instead, of the same length. */
  rewritten?: { from: string; to: string };
}

export class RedisProxy {
  private readonly target: string;
  private readonly server = createServer((client) => this.link(client));
  private readonly links = new Set<Link>();
  private readonly weather: Weather = { delayMs: 0, stuck: false, deaf: false };
  private open = true;

  /** @param target the path of the Redis' unix socket */
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
    this.breakAll();
  }

  /** Breaks every connection; new ones come through. */
  breakAll(): void {
    for (const link of this.links) link.break();
  }

  /** Connections are made and stay, and nothing passes, until `mend()`; then what was on its way arrives. */
  blackhole(): void {
    this.weather.stuck = true;
    for (const link of this.links) link.stick();
  }

  /** Redis executes everything and no answer comes back, until `mend()`, which breaks the connections that lost some. */
  loseReplies(): void {
    this.weather.deaf = true;
  }

  mend(): void {
    this.open = true;
    Object.assign(this.weather, { delayMs: 0, stuck: false, deaf: false });
    for (const link of this.links) link.clear();
  }

  /** Holds every answer back for so long, ms. */
  delay(ms: number): void {
    this.weather.delayMs = ms;
  }

  /** Makes Redis say of itself what it does not. */
  rewrite(from: string, to: string): void {
    this.weather.rewritten = { from, to };
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
    const link = new Link(client, connect(this.target), this.weather);
    this.links.add(link);
    client.on('close', () => this.links.delete(link));
  }
}

/** One connection through the proxy. */
class Link {
  private readonly client: Socket;
  private readonly redis: Socket;
  private readonly weather: Weather;
  private readonly late: Buffer[] = [];
  private wanted: { text: string; lost: () => void } | undefined;
  private asked = false;
  private hasLost = false;

  constructor(client: Socket, redis: Socket, weather: Weather) {
    this.client = client;
    this.redis = redis;
    this.weather = weather;
    client.on('data', (chunk) => {
      if (this.wanted && chunk.includes(this.wanted.text)) this.asked = true;
      redis.write(chunk);
    });
    redis.on('data', (chunk) => this.answer(rewritten(chunk, weather)));
    for (const socket of [client, redis]) {
      socket.on('error', () => {});
      socket.on('close', () => this.break());
    }
    if (weather.stuck) this.stick();
  }

  loseReplyTo(text: string, lost: () => void): void {
    this.wanted = { text, lost };
  }

  stick(): void {
    for (const socket of [this.client, this.redis]) socket.pause();
  }

  /** The weather is fine again. */
  clear(): void {
    if (this.hasLost) this.break();
    else for (const socket of [this.client, this.redis]) socket.resume();
  }

  break(): void {
    this.client.destroy();
    this.redis.destroy();
  }

  private answer(chunk: Buffer): void {
    const { delayMs, deaf } = this.weather;
    if (this.asked) {
      this.break();
      this.wanted?.lost();
    } else if (deaf) {
      this.hasLost = true;
    } else if (delayMs > 0 || this.late.length > 0) {
      this.late.push(chunk);
      setTimeout(() => this.client.write(this.late.shift() ?? ''), delayMs);
    } else {
      this.client.write(chunk);
    }
  }
}

function rewritten(chunk: Buffer, { rewritten: words }: Weather): Buffer {
  if (!words || !chunk.includes(words.from)) return chunk;
  return Buffer.from(chunk.toString('latin1').replaceAll(words.from, words.to), 'latin1');
}
