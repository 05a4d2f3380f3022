import type { Audit } from '../protocol/http.js';
import { allItemIds } from '../store/items.js';
import { scripts } from '../store/scripts.js';
import type { Store } from '../store/store.js';
import { viewerIds } from '../store/viewers.js';

/** Viewers checked in one script call. */
const VIEWERS_STEP = 100;

/** Recomputes a shop from its records and holds that against the counters. Exact for each item and viewer, also under load. */
export async function auditShop(store: Store, shopId: string): Promise<Audit> {
  const items: Audit['items'] = [];
  const problems: string[] = [];
  for (const itemId of await allItemIds(store, shopId)) {
    const { problems: found, ...item } = await store.run(scripts.auditItem, shopId, [itemId]);
    items.push(item);
    problems.push(...found);
  }
  let reputationOk = true;
  for (let start = 0; ; start += VIEWERS_STEP) {
    const ids = await viewerIds(store, shopId, start, VIEWERS_STEP);
    if (ids.length === 0) break;
    const part = await store.run(scripts.auditViewers, shopId, ids);
    reputationOk &&= part.reputationOk;
    problems.push(...part.problems);
  }
  return { ok: problems.length === 0, items, reputationOk, problems };
}
