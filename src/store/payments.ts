import type { NoticesQuery, Page } from '../protocol/http.js';
import { type PaymentNotice, PaymentNoticeSchema } from '../protocol/order.js';
import { paymentIndexKey, shopKey, UNKNOWN_NOTICES_KEY } from './keys.js';
import { page, pastOf } from './paging.js';
import { scripts } from './scripts/index.js';
import type { Store } from './store.js';

/** How long a payment's notices find their shop, s: as long as a bank may take its money back. */
const INDEX_KEPT_S = 400 * 86_400;
/** Notices about payments that are not ours; the newest are kept for whoever looks into it. */
const UNKNOWN_KEPT = 1_000;
/** Of their ids, characters. */
const LONGEST_ID_KEPT = 200;

/** Where a payment belongs: its gateway's notices name nothing but the payment. */
export interface PaymentHome {
  shopId: string;
  /** The shop's account that it was opened by; undefined for the server's. */
  accountId: string | undefined;
}

/** Before a payment is opened at the gateway. */
export async function indexPayment(
  store: Store,
  paymentId: string,
  { shopId, accountId }: PaymentHome,
): Promise<void> {
  const home = accountId === undefined ? shopId : `${shopId} ${accountId}`;
  await store.read((redis) =>
    redis.set(paymentIndexKey(paymentId), home, {
      expiration: { type: 'EX', value: INDEX_KEPT_S },
    }),
  );
}

/** Undefined when no shop has such a payment. */
export async function findPayment(
  store: Store,
  paymentId: string,
): Promise<PaymentHome | undefined> {
  if (paymentId.length > LONGEST_ID_KEPT) return undefined;
  const home = await store.read((redis) => redis.get(paymentIndexKey(paymentId)));
  const [shopId, accountId] = home?.split(' ') ?? [];
  if (shopId !== undefined) return { shopId, accountId };
  return bringBackByPayment(store, paymentId);
}

/** Whoever asks for a payment is about to let something happen to its order, which comes back if it has left Redis. */
export async function bringBackByPayment(
  store: Store,
  paymentId: string,
): Promise<PaymentHome | undefined> {
  const past = await store.past?.payment(paymentId);
  if (past) await store.past?.bringBack(past.shopId, past.orderId);
  return past;
}

/** A notice whose payment is not ours: another system uses the account, or its dashboard tries the address out. */
export async function keepUnknownNotice(
  store: Store,
  notice: { paymentId: string; description: string },
): Promise<void> {
  const at = await store.clockAt(UNKNOWN_NOTICES_KEY);
  const paymentId = notice.paymentId.slice(0, LONGEST_ID_KEPT);
  // The same notice again is the same member, moved up.
  const value = JSON.stringify({ ...notice, paymentId });
  await store.read((redis) =>
    Promise.all([
      redis.zAdd(UNKNOWN_NOTICES_KEY, { score: at, value }),
      redis.zRemRangeByRank(UNKNOWN_NOTICES_KEY, 0, -1 - UNKNOWN_KEPT),
    ]),
  );
}

/** What became of every notice, newest first. */
export function pageNotices(
  store: Store,
  shopId: string,
  query: NoticesQuery,
): Promise<Page<PaymentNotice>> {
  const load = async (ids: string[]) => {
    const notices = await readNotices(store, shopId, ids);
    return notices.map((notice) =>
      query.outcome === undefined || notice?.outcome === query.outcome ? notice : undefined,
    );
  };
  return page(
    store,
    { key: `${shopKey(shopId)}:notices:all` },
    query,
    load,
    pastOf(store, shopId, 'notices', async (past, after, limit) =>
      (await past.notices(shopId, query, after, limit)).map((one) => ({
        ...one,
        row: PaymentNoticeSchema.parse({ ...JSON.parse(one.row), noticeId: one.value }),
      })),
    ),
  );
}

/** Notices that have no outcome yet, the longest overdue first. */
export async function openNotices(store: Store, shopId: string): Promise<PaymentNotice[]> {
  const ids = await store.read((redis) => redis.zRange(`${shopKey(shopId)}:notices:due`, 0, -1));
  const notices = await readNotices(store, shopId, ids);
  return notices.filter((notice) => notice !== undefined);
}

export async function readNotice(
  store: Store,
  shopId: string,
  noticeId: string,
): Promise<PaymentNotice | undefined> {
  return (await readNotices(store, shopId, [noticeId]))[0];
}

function readNotices(
  store: Store,
  shopId: string,
  ids: string[],
): Promise<(PaymentNotice | undefined)[]> {
  return Promise.all(
    ids.map(async (id) => {
      const record = await store.read((redis) => redis.get(`${shopKey(shopId)}:notice:${id}`));
      if (record === null) return undefined;
      return PaymentNoticeSchema.parse({ ...JSON.parse(record), noticeId: id });
    }),
  );
}

/** When the next open online payment wants to be asked about, or a notice to be taken up again, or null; and Redis's clock. */
export async function nextPaymentCheck(
  store: Store,
  shopId: string,
): Promise<{ next: number | null; now: number }> {
  const { next, now } = await store.run(scripts.paymentsDue, shopId, ['0']);
  return { next, now };
}
