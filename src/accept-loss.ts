import { acceptLosses } from './archive/lost-states.js';
import type { Config } from './config.js';
import { acceptStore } from './store/health/index.js';
import { openStores } from './stores.js';

/**
 * Says for every server that the data which is in Redis now is what they go on with, though they or the archive have seen
 * more.
 * @throws ConfigError, or an error that says why a store could not be reached
 */
export async function acceptLoss(config: Config): Promise<void> {
  const { store, db, close } = await openStores(config);
  try {
    await acceptStore(store);
    if (db) await acceptLosses(db);
  } finally {
    await close();
  }
}
