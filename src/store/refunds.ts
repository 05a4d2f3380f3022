import type { Page, RefundsQuery } from '../protocol/http.js';
import { type RefundRecord, RefundRecordSchema } from '../protocol/refund.js';
import { shopKey } from './keys.js';
import { page, pastOf } from './paging.js';
import type { Store } from './store.js';

export async function readRefund(
  store: Store,
  shopId: string,
  refundId: string,
): Promise<RefundRecord | undefined> {
  const record = await store.read((redis) => redis.get(`${shopKey(shopId)}:refund:${refundId}`));
  const text = record ?? (await store.past?.refund(shopId, refundId));
  return text === undefined ? undefined : RefundRecordSchema.parse(JSON.parse(text));
}

/** Refunds, newest first. */
export function pageRefunds(
  store: Store,
  shopId: string,
  query: RefundsQuery,
): Promise<Page<RefundRecord>> {
  const key = `${shopKey(shopId)}:refunds:${query.status ?? 'all'}`;
  const load = async (ids: string[]) => {
    const found = await Promise.all(ids.map((id) => readRefund(store, shopId, id)));
    return found.map((refund) =>
      query.status === undefined || refund?.status === query.status ? refund : undefined,
    );
  };
  return page(
    store,
    { key },
    query,
    load,
    pastOf(store, shopId, 'refunds', async (past, after, limit) =>
      (await past.refunds(shopId, query, after, limit)).map((one) => ({
        ...one,
        row: RefundRecordSchema.parse(JSON.parse(one.row)),
      })),
    ),
  );
}
