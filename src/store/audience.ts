import { scripts } from './scripts/index.js';
import type { Store } from './store.js';

/**
 * Reports how many sockets of this server are in a live; answers the sum over all servers that reported lately.
 * @param viewers undefined to report nothing
 */
export async function reportAudience(
  store: Store,
  shopId: string,
  liveId: string,
  serverId: string,
  viewers?: number,
): Promise<number> {
  const args = [liveId, serverId, String(viewers ?? '')];
  return (await store.run(scripts.audienceReport, shopId, args)).viewers;
}
