import type { Logger } from 'pino';
import { parseRedisAddress } from './address.js';
import { ClusterConnection } from './cluster.js';
import type { Connection } from './connection.js';
import { OneRedis } from './one.js';
import { SentinelConnection } from './sentinel.js';
import type { Troubles } from './troubles.js';

/** The way to the Redis that `REDIS_URL` names. */
export function connectionTo(url: string, troubles: Troubles, log: Logger): Connection {
  const address = parseRedisAddress(url);
  switch (address.kind) {
    case 'one':
      return new OneRedis(address.url, troubles);
    case 'cluster':
      return new ClusterConnection(address.nodes, address.urlOf, troubles);
    case 'sentinel':
      return new SentinelConnection(address, troubles, log);
  }
}
