import { openDatabase } from './archive/database.js';
import { embeddedUrl } from './archive/embedded.js';
import { type Verdict, verifyShop } from './archive/verify/verify.js';
import { type Config, ConfigError } from './config.js';
import { createLog } from './log.js';
import { createMetrics } from './metrics.js';
import { localRedisUrl } from './store/local-redis/index.js';
import { allShops } from './store/shops.js';
import { Store } from './store/store.js';
import { TimeLimit } from './time-limit.js';

/** How long Redis may take to be there, ms. */
const OPEN_MS = 10_000;

/**
 * Holds Redis against what the archive says of every shop, or of some, and tells of each as soon as it is known. Stores of
 * local mode are those of the server that runs: it has them open, and shares them by their sockets.
 * @returns how many differences there are
 */
export async function verify(
  config: Config,
  shopIds: string[],
  tell: (line: string) => void,
): Promise<number> {
  const { archive, dataDir } = config;
  const databaseUrl =
    archive && ('url' in archive ? archive.url : await embeddedUrl(archive.embeddedIn));
  if (databaseUrl === undefined)
    throw new ConfigError(
      `DATABASE_URL: is not set, and no server has an archive under ${dataDir}`,
    );
  const redisUrl = config.redisUrl ?? (await localRedisUrl(dataDir));
  if (redisUrl === undefined)
    throw new ConfigError(`REDIS_URL: is not set, and no server has a Redis under ${dataDir}`);
  const store = new Store(createLog('silent'), createMetrics().ofStore);
  const db = openDatabase(databaseUrl, () => {});
  const noAnswer = () => new Error(`Redis does not answer: ${store.trouble ?? 'too slow'}`);
  let problems = 0;
  try {
    await new TimeLimit(OPEN_MS, noAnswer).within(store.open(redisUrl));
    for (const shopId of shopIds.length > 0 ? shopIds : await allShops(store)) {
      const verdict = await verifyShop({ store, db, shopId });
      for (const line of linesOf(verdict)) tell(line);
      problems += verdict.problems.length;
    }
  } finally {
    await store.close();
    await db.destroy();
  }
  return problems;
}

function linesOf({ shopId, items, viewers, orders, problems }: Verdict): string[] {
  const what = `${items} items, ${viewers} reputations, ${orders} orders`;
  const sum = problems.length === 0 ? 'no difference' : `${problems.length} differences`;
  return [...problems.map((text) => `${shopId}: ${text}`), `${shopId}: ${what}: ${sum}`];
}
