import type { Logger } from 'pino';
import { storeKey } from '../keys.js';
import { parseRedisAddress } from './address.js';
import { ClusterConnection } from './cluster.js';
import {
  addressOf,
  type Connection,
  closeRedis,
  createRedis,
  type RedisNode,
} from './connection.js';
import { SentinelConnection } from './sentinel.js';
import type { Troubles } from './troubles.js';

/**
 * The way to the Redis that `REDIS_URL` names.
 * @param name what a Redis of its own lists our connections as
 */
export function connectionTo(
  url: string,
  troubles: Troubles,
  log: Logger,
  name: string,
): Connection {
  const address = parseRedisAddress(url);
  switch (address.kind) {
    case 'one':
      return new OneRedis(address.url, troubles, name);
    case 'cluster':
      return new ClusterConnection(address.nodes, address.urlOf, troubles);
    case 'sentinel':
      return new SentinelConnection(address, troubles, log);
  }
}

/** One Redis server. */
class OneRedis implements Connection {
  readonly redis: RedisNode;
  readonly scriptPrefix = '';
  readonly isCluster = false;
  private readonly bells: RedisNode;
  private readonly address: string;

  constructor(url: string, troubles: Troubles, name: string) {
    this.address = addressOf(url);
    this.redis = createRedis(url, name, troubles);
    this.bells = createRedis(url, `${name}-bells`, troubles);
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
    return new Map([[this.address, this.redis]]);
  }

  homes(): Map<string, string> {
    return new Map([[this.address, storeKey(0)]]);
  }

  async onBell(channel: string, ring: () => void): Promise<() => Promise<void>> {
    await this.bells.sSubscribe(channel, ring);
    return () => this.bells.sUnsubscribe(channel, ring);
  }
}
