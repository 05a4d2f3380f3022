import {
  type AnswerOf,
  Api,
  type Endpoint,
  type Outcome,
  type PageOf,
  everyRow as readEveryRow,
  settle,
} from '../../../../src/client/index.js';
import type { BookingRestore, HostBookingCreate } from '../../../../src/protocol/booking.js';
import type {
  BookingsQuery,
  OrdersCsvQuery,
  OrdersQuery,
  Page,
} from '../../../../src/protocol/http.js';
import type { ItemCreate, ItemPatch, Restock } from '../../../../src/protocol/item.js';
import type { LiveCreate, LivePatch } from '../../../../src/protocol/live.js';
import type { NoticeDecision, OrderPatch, PaymentNotice } from '../../../../src/protocol/order.js';
import type { PaymentGatewaySet } from '../../../../src/protocol/payment-gateway.js';
import type { OrderRefund, Refund, RefundDone } from '../../../../src/protocol/refund.js';
import type { PeriodsQuery } from '../../../../src/protocol/report.js';
import type { SettingsPatch } from '../../../../src/protocol/settings.js';
import type { StaffAdd } from '../../../../src/protocol/staff.js';
import type { ReputationCorrection, ViewerPatch } from '../../../../src/protocol/viewer.js';
import type { WebhookCreate, WebhookPatch } from '../../../../src/protocol/webhook.js';
import type { CommandError } from '../../shared/messages.js';
import { signOut, token } from './session.js';

/** The fields that the server found wrong: `order.ppnPercent` → its own (English) words. */
export function issuesOf(error: CommandError): ReadonlyMap<string, string> {
  const listed = error.details?.issues;
  const issues = new Map<string, string>();
  for (const issue of Array.isArray(listed) ? listed : []) {
    if (typeof issue?.path === 'string') issues.set(issue.path, String(issue.message));
  }
  return issues;
}

const server = new Api({ token: () => token.value ?? undefined });

const call = async <E extends Endpoint>(
  ...args: Parameters<typeof server.call<E>>
): Promise<Outcome<AnswerOf<E>>> => {
  const outcome = await settle(server.call(...args));
  if (!outcome.ok && outcome.error.code === 'UNAUTHENTICATED') signOut('expired');
  return outcome;
};

/** A file takes longer than an answer, ms. */
const FILE_MS = 120_000;

/** A link could not carry the bearer token, so the file is fetched and handed to the browser as a blob. */
function fetchCsv(path: string, query: object): Promise<Outcome<Blob>> {
  const options = { query: { ...query }, timeoutMs: FILE_MS };
  return settle(server.exchange('GET', `/api/v1${path}`, options, (file) => file.blob()));
}

/** Opens a link into the console. Without a token of its own, and so without an end of a session. */
export function claimLink(code: string) {
  return settle(new Api().call('POST /staff/claim', { body: { code } }));
}

export type { PageOf };

type BookingsFilter = Partial<Pick<BookingsQuery, 'liveId' | 'itemId' | 'viewerId' | 'status'>>;

/** Which orders are looked at; what is absent limits nothing. */
export type OrdersFilter = Partial<
  Pick<OrdersQuery, 'status' | 'viewerId' | 'liveId' | 'fulfilment' | 'q' | 'sort'>
>;

/** The host's calls of `/api/v1`, in the console's words. */
export const api = {
  renameShop: (name: string) => call('PATCH /shop', { body: { name } }),
  shop: (shopId: string) => call('GET /shops/:shopId', { params: { shopId } }),
  settings: () => call('GET /settings'),
  patchSettings: (body: SettingsPatch) => call('PATCH /settings', { body }),

  items: (query: PageOf = {}) => call('GET /items', { query }),
  item: (id: string) => call('GET /items/:id', { params: { id } }),
  createItem: (body: ItemCreate) => call('POST /items', { body }),
  keepPhoto: (body: Blob) => call('POST /photos', { body }),
  patchItem: (id: string, body: ItemPatch) => call('PATCH /items/:id', { params: { id }, body }),
  restock: (id: string, body: Restock) => call('POST /items/:id/restock', { params: { id }, body }),

  lives: (query: PageOf = {}) => call('GET /lives', { query }),
  createLive: (body: LiveCreate) => call('POST /lives', { body }),
  patchLive: (id: string, body: LivePatch) => call('PATCH /lives/:id', { params: { id }, body }),
  startLive: (id: string) => call('POST /lives/:id/start', { params: { id } }),
  endLive: (id: string) => call('POST /lives/:id/end', { params: { id } }),

  bookings: (query: PageOf & BookingsFilter) => call('GET /bookings', { query }),
  bookFor: (body: HostBookingCreate) => call('POST /bookings', { body }),
  cancelBooking: (id: string) => call('POST /bookings/:id/cancel', { params: { id } }),
  restoreBooking: (id: string, body: BookingRestore) =>
    call('POST /bookings/:id/restore', { params: { id }, body }),
  waitlist: (id: string, query: PageOf) =>
    call('GET /items/:id/waitlist', { params: { id }, query }),

  orders: (query: PageOf & OrdersFilter) => call('GET /orders', { query }),
  order: (id: string) => call('GET /orders/:id', { params: { id } }),
  patchOrder: (id: string, body: OrderPatch) => call('PATCH /orders/:id', { params: { id }, body }),
  confirmPayment: (id: string) => call('POST /orders/:id/confirm-payment', { params: { id } }),
  cancelOrder: (id: string) => call('POST /orders/:id/cancel', { params: { id } }),
  ordersCsv: (query: Partial<OrdersCsvQuery>) => fetchCsv('/orders.csv', query),
  refundOrder: (id: string, body: OrderRefund) =>
    call('POST /orders/:id/refund', { params: { id }, body }),

  refunds: (query: PageOf & { status?: Refund['status'] | null }) =>
    call('GET /refunds', { query }),
  refundDone: (id: string, body: RefundDone) =>
    call('POST /refunds/:id/done', { params: { id }, body }),
  sendRefund: (id: string) => call('POST /refunds/:id/send', { params: { id } }),
  decideNotice: (id: string, body: NoticeDecision) =>
    call('POST /payment-notices/:id/decide', { params: { id }, body }),
  notices: (query: PageOf & { outcome?: PaymentNotice['outcome'] | null }) =>
    call('GET /payment-notices', { query }),

  paymentGateway: () => call('GET /payment-gateway'),
  setPaymentGateway: (body: PaymentGatewaySet) => call('PUT /payment-gateway', { body }),
  testPaymentGateway: () => call('POST /payment-gateway/test'),
  removePaymentGateway: () => call('DELETE /payment-gateway'),

  liveReport: (id: string) => call('GET /reports/lives/:id', { params: { id } }),
  liveCsv: (id: string, separator: ',' | ';') =>
    fetchCsv(`/reports/lives/${encodeURIComponent(id)}/items.csv`, { separator }),
  periods: (query: PeriodsQuery) => call('GET /reports/periods', { query }),
  periodsCsv: (query: PeriodsQuery & { separator: ',' | ';' }) =>
    fetchCsv('/reports/periods.csv', query),

  changes: (query: PageOf) => call('GET /changes', { query }),
  staff: () => call('GET /staff'),
  addStaff: (body: StaffAdd) => call('POST /staff', { body }),
  removeStaff: (id: string) => call('DELETE /staff/:id', { params: { id } }),

  webhooks: () => call('GET /webhooks'),
  createWebhook: (body: WebhookCreate) => call('POST /webhooks', { body }),
  patchWebhook: (id: string, body: WebhookPatch) =>
    call('PATCH /webhooks/:id', { params: { id }, body }),
  removeWebhook: (id: string) => call('DELETE /webhooks/:id', { params: { id } }),
  webhookDeliveries: (id: string, query: PageOf) =>
    call('GET /webhooks/:id/deliveries', { params: { id }, query }),
  replayWebhook: (id: string, after: string) =>
    call('POST /webhooks/:id/replay', { params: { id }, body: { after } }),

  viewers: (query: PageOf & { minReputation?: number; maxReputation?: number; q?: string }) =>
    call('GET /viewers', { query }),
  patchViewer: (id: string, body: ViewerPatch) =>
    call('PATCH /viewers/:id', { params: { id }, body }),
  eraseViewer: (id: string) => call('DELETE /viewers/:id', { params: { id } }),
  correctReputation: (id: string, body: ReputationCorrection) =>
    call('POST /viewers/:id/reputation', { params: { id }, body }),
  ledger: (id: string, query: PageOf = {}) =>
    call('GET /viewers/:id/reputation', { params: { id }, query }),

  audit: () => call('GET /audit'),
  status: () => call('GET /status'),
};

/** Every row of a list, page by page: for forms and charts that need a list whole. */
export function everyRow<Row>(
  read: (page: PageOf) => Promise<Outcome<Page<Row>>>,
  options: { most: number; until?: (row: Row) => boolean },
): Promise<Outcome<Row[]>> {
  const readPage = async (page: PageOf) => {
    const outcome = await read(page);
    if (!outcome.ok) throw outcome.error;
    return outcome.data;
  };
  return settle(readEveryRow(readPage, options));
}

const MOST_WAITS = 5;

/** Waits and asks again when the server says that it is too fast, as it may in a long list of calls. */
export async function patiently<Data>(ask: () => Promise<Outcome<Data>>): Promise<Outcome<Data>> {
  for (let waits = 0; ; waits += 1) {
    const outcome = await ask();
    if (outcome.ok || outcome.error.code !== 'RATE_LIMITED' || waits === MOST_WAITS) return outcome;
    const pause = Number(outcome.error.details?.retryAfterMs ?? 1_000);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
