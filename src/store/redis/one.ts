import type { Logger } from 'pino';
import { type Connection, closeRedis, createRedis, type RedisNode } from './connection.js';

/** One Redis server. */
export class OneRedis implements Connection {
  readonly redis: RedisNode;
  readonly scriptPrefix = '';
  private readonly bells: RedisNode;

  constructor(url: string, log: Logger) {
    this.redis = createRedis(url, 'livehold', log);
    this.bells = createRedis(url, 'livehold-bells', log);
  }

  async open(): Promise<void> {
    await Promise.all([this.redis.connect(), this.bells.connect()]);
  }

  async close(): Promise<void> {
    await Promise.all([this.redis, this.bells].map(closeRedis));
  }

  onReady(listener: () => void): void {
    this.redis.on('ready', listener);
  }

  masters(): Map<string, RedisNode> {
    return new Map([['redis', this.redis]]);
  }

  async onBell(channel: string, ring: () => void): Promise<() => Promise<void>> {
    await this.bells.sSubscribe(channel, ring);
    return () => this.bells.sUnsubscribe(channel, ring);
  }
}
