import type { Page, RefundsQuery } from '../protocol/http.js';
import { type RefundRecord, RefundRecordSchema } from '../protocol/refund.js';
import { shopKey } from './keys.js';
import { page } from './paging.js';
import type { Store } from './store.js';

export async function readRefund(
  store: Store,
  shopId: string,
  refundId: string,
): Promise<RefundRecord | undefined> {
  const record = await store.read((redis) => redis.get(`${shopKey(shopId)}:refund:${refundId}`));
  return record === null ? undefined : RefundRecordSchema.parse(JSON.parse(record));
}

/** Refunds, newest first. */
export function pageRefunds(
  store: Store,
  shopId: string,
  query: RefundsQuery,
): Promise<Page<RefundRecord>> {
  const key = `${shopKey(shopId)}:refunds:${query.status ?? 'all'}`;
  return page(store, { key }, query, async (ids) => {
    const found = await Promise.all(ids.map((id) => readRefund(store, shopId, id)));
    return found.map((refund) =>
      query.status === undefined || refund?.status === query.status ? refund : undefined,
    );
  });
}
