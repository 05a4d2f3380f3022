import { shopKey } from './keys.js';
import type { Store } from './store.js';

/** A server's count is believed for this long, ms: a server that died falls out by itself. */
const FRESH_MS = 15_000;

/** Says how many sockets of this server are in a live. */
export async function reportAudience(
  store: Store,
  shopId: string,
  liveId: string,
  serverId: string,
  viewers: number,
): Promise<void> {
  const key = `${shopKey(shopId)}:audience:${liveId}`;
  await store.read((redis) =>
    Promise.all([
      redis.hSet(key, serverId, `${viewers} ${Date.now()}`),
      redis.pExpire(key, FRESH_MS),
    ]),
  );
}

/** Sockets in a live, over all servers that reported lately. */
export async function readAudience(store: Store, shopId: string, liveId: string): Promise<number> {
  const reports = await store.read((redis) => redis.hVals(`${shopKey(shopId)}:audience:${liveId}`));
  return reports.reduce((sum, report) => {
    const [viewers, at] = report.split(' ').map(Number);
    return Date.now() - (at ?? 0) < FRESH_MS ? sum + (viewers ?? 0) : sum;
  }, 0);
}
