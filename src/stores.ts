import { type ArchiveDatabase, openDatabase } from './archive/database.js';
import { embeddedUrl } from './archive/embedded.js';
import { type Config, ConfigError } from './config.js';
import { createLog } from './log.js';
import { createMetrics } from './metrics.js';
import { localRedisUrl } from './store/local-redis/index.js';
import { Store } from './store/store.js';
import { TimeLimit } from './time-limit.js';

/** How long Redis may take to be there, ms. */
const OPEN_MS = 10_000;

interface Stores {
  store: Store;
  db: ArchiveDatabase | undefined;
  close(): Promise<void>;
}

/**
 * Redis, and the archive if there is one, for a command beside the servers. Stores of local mode are those of the server
 * that runs: it has them open, and shares them by their sockets.
 * @throws ConfigError, or an error that says why Redis could not be reached
 */
export async function openStores({ archive, dataDir, redisUrl }: Config): Promise<Stores> {
  const address = redisUrl ?? (await localRedisUrl(dataDir));
  if (address === undefined)
    throw new ConfigError(`REDIS_URL: is not set, and no server has a Redis under ${dataDir}`);
  const databaseUrl =
    archive && ('url' in archive ? archive.url : await embeddedUrl(archive.embeddedIn));
  const store = new Store(createLog('silent'), createMetrics().ofStore);
  const db = databaseUrl === undefined ? undefined : openDatabase(databaseUrl, () => {});
  const close = async () => {
    await store.close();
    await db?.destroy();
  };
  const noAnswer = () =>
    new Error(`Redis was not reached: ${store.trouble ?? 'it does not answer'}`);
  try {
    await new TimeLimit(OPEN_MS, noAnswer).within(store.open(address, 'command'));
  } catch (error) {
    await close();
    throw error;
  }
  return { store, db, close };
}
