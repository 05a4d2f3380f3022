import { type RedisNode, withDeadline } from './redis/connection.js';
import type { Store } from './store.js';

export interface StoreHealth {
  ok: boolean;
  /** What is not as it should be, and what could lose data; empty when all is well or when Redis does not say. */
  warnings: string[];
}

/**
 * Whether Redis answers, and whether it would keep what it is told. Of a cluster, one master that answers is enough: the
 * shops of the others are refused meanwhile, but taking this server out of service would help nobody.
 */
export async function checkStore(store: Store): Promise<StoreHealth> {
  const masters = [...store.masters()];
  const found = await Promise.all(masters.map(([address, node]) => checkMaster(address, node)));
  return { ok: found.some(({ ok }) => ok), warnings: found.flatMap(({ warnings }) => warnings) };
}

async function checkMaster(address: string, node: RedisNode): Promise<StoreHealth> {
  try {
    await withDeadline(node.ping());
  } catch {
    return { ok: false, warnings: [`${address} does not answer`] };
  }
  const warnings = await persistenceWarnings(node);
  return { ok: true, warnings: warnings.map((warning) => `${address}: ${warning}`) };
}

/** Managed Redis often forbids CONFIG; INFO says enough. */
async function persistenceWarnings(node: RedisNode): Promise<string[]> {
  try {
    const info = await withDeadline(node.info());
    const field = (name: string) => new RegExp(`^${name}:(.*)$`, 'm').exec(info)?.[1]?.trim();
    const warnings: string[] = [];
    if (field('aof_enabled') === '0') {
      warnings.push(
        'appendonly is off: bookings accepted since the last save are lost when Redis stops',
      );
    }
    const policy = field('maxmemory_policy');
    if (policy !== undefined && policy !== 'noeviction' && field('maxmemory') !== '0') {
      warnings.push(`maxmemory-policy is ${policy}: Redis may throw away holds; set noeviction`);
    }
    return warnings;
  } catch {
    return [];
  }
}
