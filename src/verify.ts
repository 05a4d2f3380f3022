import { type Verdict, verifyShop } from './archive/verify/verify.js';
import { type Config, ConfigError } from './config.js';
import { allShops } from './store/shops.js';
import { openStores } from './stores.js';

/**
 * Holds Redis against what the archive says of every shop, or of some, and reports each as soon as it is known.
 * @returns how many differences there are
 */
export async function verify(
  config: Config,
  shopIds: string[],
  print: (line: string) => void,
): Promise<number> {
  const { store, db, close } = await openStores(config);
  let problems = 0;
  try {
    if (!db)
      throw new ConfigError(
        `DATABASE_URL: is not set, and no server has an archive under ${config.dataDir}`,
      );
    for (const shopId of shopIds.length > 0 ? shopIds : await allShops(store)) {
      const verdict = await verifyShop({ store, db, shopId });
      for (const line of linesOf(verdict)) print(line);
      problems += verdict.problems.length;
    }
  } finally {
    await close();
  }
  return problems;
}

function linesOf({ shopId, items, viewers, orders, problems }: Verdict): string[] {
  const what = `${items} items, ${viewers} reputations, ${orders} orders`;
  const sum = problems.length === 0 ? 'no difference' : `${problems.length} differences`;
  return [...problems.map((text) => `${shopId}: ${text}`), `${shopId}: ${what}: ${sum}`];
}
