import type { NoticesQuery, OrdersQuery, RefundsQuery } from '../protocol/http.js';
import type { LiveReport, Period, PeriodsQuery } from '../protocol/report.js';
import type { PublicEvent } from '../protocol/webhook.js';
import type { ArchiveRecords } from './scripts/index.js';

/** A record with its place in an index: highest score first, equal scores by name, last first. */
export interface PastRow<Row> {
  score: number;
  value: string;
  row: Row;
}

/** Where a page goes on in an index: after this place. Without a name: from the top of its score on. */
export interface After {
  score: number;
  value?: string;
}

type RawOrder = ArchiveRecords['orders'][string];

/** An entry of a list, as text, with its place counted from the list's oldest, 1 for that. */
interface PlacedText {
  place: number;
  text: string;
}

/** Lists of bookings that are trimmed at their oldest end. */
export type BookingList = 'live' | 'item' | 'viewer';

/**
 * What has left Redis, as the archive has it. It stands here because whoever reads records reads on in it, and the archive
 * is built on this folder. Everything throws STORE_UNAVAILABLE while the archive does not answer.
 */
export interface PastRecords {
  /** What a live came to, of all that is archived; undefined when it is not there. */
  liveReport(shopId: string, liveId: string): Promise<LiveReport | undefined>;
  periodReport(shopId: string, query: PeriodsQuery): Promise<Period[]>;
  order(shopId: string, orderId: string): Promise<RawOrder | undefined>;
  /** The order of a code or invoice number. */
  orderNamed(shopId: string, name: string): Promise<string | undefined>;
  orders(
    shopId: string,
    query: OrdersQuery,
    after: After,
    limit: number,
  ): Promise<PastRow<RawOrder>[]>;
  /** Records as text. */
  refunds(
    shopId: string,
    query: RefundsQuery,
    after: After,
    limit: number,
  ): Promise<PastRow<string>[]>;
  refund(shopId: string, refundId: string): Promise<string | undefined>;
  notices(
    shopId: string,
    query: NoticesQuery,
    after: After,
    limit: number,
  ): Promise<PastRow<string>[]>;
  /** Of these those that have left, as text by id. */
  bookings(shopId: string, ids: string[]): Promise<Map<string, string>>;
  /** Rows of a list from a place counted from its oldest down, newest first. */
  bookingsOf(
    shopId: string,
    list: BookingList,
    id: string,
    from: number,
    limit: number,
  ): Promise<PlacedText[]>;
  /** Entries of a ledger with places from `from` down, newest first. */
  ledger(shopId: string, viewerId: string, from: number, limit: number): Promise<PlacedText[]>;
  /** Events after a place in the stream, or after one of its events, and before another place; oldest first. */
  events(shopId: string, after: string, before: string, limit: number): Promise<PublicEvent[]>;
  /** The shop of a payment, and the account that it was opened by. */
  payment(
    paymentId: string,
  ): Promise<{ shopId: string; orderId: string; accountId: string | undefined } | undefined>;
  /** Brings an order back into Redis, for something is to happen to it. */
  bringBack(shopId: string, orderId: string): Promise<void>;
}
