import type { Audit } from '../protocol/http.js';
import { allItemIds } from '../store/items.js';
import { orderIds } from '../store/orders.js';
import { openNotices } from '../store/payments.js';
import { scripts } from '../store/scripts.js';
import type { Store } from '../store/store.js';
import { viewerIds } from '../store/viewers.js';

/** Viewers or orders checked in one script call. */
const STEP = 100;
/** The reconciler takes up open notices well before this, ms. */
const NOTICE_OVERDUE_MS = 120_000;

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
  for (let start = 0; ; start += STEP) {
    const ids = await viewerIds(store, shopId, start, STEP);
    if (ids.length === 0) break;
    const part = await store.run(scripts.auditViewers, shopId, ids);
    reputationOk &&= part.reputationOk;
    problems.push(...part.problems);
  }
  problems.push(...(await auditOrders(store, shopId)), ...(await auditNotices(store, shopId)));
  return { ok: problems.length === 0, items, reputationOk, problems };
}

async function auditOrders(store: Store, shopId: string): Promise<string[]> {
  const problems: string[] = [];
  for (let start = 0; ; start += STEP) {
    const ids = await orderIds(store, shopId, start, STEP);
    if (ids.length === 0) return problems;
    problems.push(...(await store.run(scripts.auditOrders, shopId, ids)).problems);
  }
}

/** Every payment notice must come to an outcome; one that is open for long was forgotten. */
async function auditNotices(store: Store, shopId: string): Promise<string[]> {
  const open = await openNotices(store, shopId);
  return open
    .filter(({ lastAt }) => Date.now() - lastAt > NOTICE_OVERDUE_MS)
    .map(({ paymentId, at }) => `payment ${paymentId}: a notice has had no outcome since ${at}`);
}
