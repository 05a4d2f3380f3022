import type { Store } from './store.js';

export interface StoreHealth {
  ok: boolean;
  /** What could lose data in this Redis; empty when all is well or when it does not say. */
  warnings: string[];
}

/** Whether Redis answers, and whether it would keep what it is told. */
export async function checkStore(store: Store): Promise<StoreHealth> {
  try {
    await store.read((redis) => redis.ping());
  } catch {
    return { ok: false, warnings: [] };
  }
  return { ok: true, warnings: await persistenceWarnings(store) };
}

/** Managed Redis often forbids CONFIG; INFO says enough. */
async function persistenceWarnings(store: Store): Promise<string[]> {
  try {
    const info = await store.read((redis) => redis.info());
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
