import type { Audit } from '../protocol/http.js';
import { orderIds } from '../store/orders.js';
import { openNotices } from '../store/payments.js';
import { scripts } from '../store/scripts/index.js';
import type { Store } from '../store/store.js';
import { auditStock } from './audit-stock.js';
import { auditViewers } from './audit-viewers.js';

/** Orders checked in one script call: bounds how long Redis is busy with it. */
const STEP = 20;
/** The reconciler takes up open notices well before this, ms. */
const NOTICE_OVERDUE_MS = 120_000;

/**
 * Recomputes shops from their records and holds that against the counters. Exact for each item and viewer, also under
 * load, in steps of a few ms of Redis's time. One audit runs for a shop at a time; whoever asks while it does shares the
 * one after it, which has begun after they asked.
 */
export class Audits {
  private readonly store: Store;
  private readonly running = new Map<string, Promise<Audit>>();
  private readonly next = new Map<string, Promise<Audit>>();

  constructor(store: Store) {
    this.store = store;
  }

  of(shopId: string): Promise<Audit> {
    const now = this.running.get(shopId);
    if (!now) return this.run(shopId);
    let next = this.next.get(shopId);
    if (!next) {
      const start = () => {
        this.next.delete(shopId);
        return this.run(shopId);
      };
      next = now.then(start, start);
      this.next.set(shopId, next);
    }
    return next;
  }

  private run(shopId: string): Promise<Audit> {
    const audit = auditShop(this.store, shopId).finally(() => this.running.delete(shopId));
    this.running.set(shopId, audit);
    return audit;
  }
}

async function auditShop(store: Store, shopId: string): Promise<Audit> {
  const stock = await auditStock(store, shopId);
  const viewers = await auditViewers(store, shopId);
  const problems = [
    ...stock.problems,
    ...viewers.problems,
    ...(await auditOrders(store, shopId)),
    ...(await auditNotices(store, shopId)),
  ];
  const { reputationOk } = viewers;
  return { ok: problems.length === 0, items: stock.items, reputationOk, problems };
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
  if (open.length === 0) return [];
  const now = await store.clock(shopId);
  return open
    .filter(({ lastAt }) => now - lastAt > NOTICE_OVERDUE_MS)
    .map(({ paymentId, at }) => `payment ${paymentId}: a notice has had no outcome since ${at}`);
}
