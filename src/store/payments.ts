import { z } from 'zod';
import type { Page, PageQuery } from '../protocol/http.js';
import { type PaymentNotice, PaymentNoticeSchema } from '../protocol/order.js';
import { paymentIndexKey, shopKey, UNKNOWN_NOTICES_KEY } from './keys.js';
import { jsonRows, pageList } from './paging.js';
import { scripts } from './scripts.js';
import type { Store } from './store.js';

/** How long a payment's notices find their shop, s: well past any gateway's last retry. */
const INDEX_KEPT_S = 90 * 86_400;
/** Notices about payments that are not ours; the newest are kept for whoever looks into it. */
const UNKNOWN_KEPT = 1_000;

/** How long whoever received a notice has for it, ms; the gateways ask for no more than one question in 10 s. */
const NOTICE_STALE_MS = 30_000;

/** Before a payment is opened at the gateway: its notices name only the payment, and must find the shop. */
export async function indexPayment(store: Store, paymentId: string, shopId: string): Promise<void> {
  await store.read((redis) =>
    redis.set(paymentIndexKey(paymentId), shopId, {
      expiration: { type: 'EX', value: INDEX_KEPT_S },
    }),
  );
}

export async function shopOfPayment(store: Store, paymentId: string): Promise<string | undefined> {
  return (await store.read((redis) => redis.get(paymentIndexKey(paymentId)))) ?? undefined;
}

/** A notice that came in and has no outcome yet. */
const OpenNotice = z.object({
  paymentId: z.string(),
  description: z.string(),
  at: z.number(),
  /** When it was last taken up again. */
  triedAt: z.number().optional(),
});
export type OpenNotice = z.infer<typeof OpenNotice> & { noticeId: string };

/** Keeps a notice from the moment that it came in; the script that decides its outcome takes it off the list. */
export async function receiveNotice(
  store: Store,
  shopId: string,
  noticeId: string,
  notice: z.infer<typeof OpenNotice>,
): Promise<void> {
  await store.read((redis) =>
    redis.hSet(`${shopKey(shopId)}:notices:open`, noticeId, JSON.stringify(notice)),
  );
}

export async function openNotices(store: Store, shopId: string): Promise<OpenNotice[]> {
  const fields = await store.read((redis) => redis.hGetAll(`${shopKey(shopId)}:notices:open`));
  return Object.entries(fields).map(([noticeId, text]) => ({
    noticeId,
    ...OpenNotice.parse(JSON.parse(text)),
  }));
}

export async function keepUnknownNotice(store: Store, notice: object): Promise<void> {
  await store.read((redis) =>
    Promise.all([
      redis.lPush(UNKNOWN_NOTICES_KEY, JSON.stringify(notice)),
      redis.lTrim(UNKNOWN_NOTICES_KEY, 0, UNKNOWN_KEPT - 1),
    ]),
  );
}

/** What became of every notice, newest first. */
export function pageNotices(
  store: Store,
  shopId: string,
  query: PageQuery,
): Promise<Page<PaymentNotice>> {
  return pageList(store, `${shopKey(shopId)}:notices`, query, jsonRows(PaymentNoticeSchema));
}

/** When the next open online payment wants to be asked about, or a notice to be taken up again, or null; and Redis's clock. */
export async function nextPaymentCheck(
  store: Store,
  shopId: string,
): Promise<{ next: number | null; now: number }> {
  const [{ next, now }, notices] = await Promise.all([
    store.run(scripts.paymentsDue, shopId, ['0']),
    openNotices(store, shopId),
  ]);
  const times = [...(next === null ? [] : [next]), ...notices.map(noticeTurn)];
  return { next: times.length > 0 ? Math.min(...times) : null, now };
}

/** When a notice without an outcome counts as left behind, by a crash or a silent gateway, and is taken up (again). */
export function noticeTurn(notice: OpenNotice): number {
  return (notice.triedAt ?? notice.at) + NOTICE_STALE_MS;
}
