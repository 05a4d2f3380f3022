import type { Booking, BookingStatus } from '../../../src/protocol/booking.js';
import type { Audit, Page, Status } from '../../../src/protocol/http.js';
import type { ItemCreate, ItemPatch, ItemView, Restock } from '../../../src/protocol/item.js';
import type { Live, LiveCreate, LivePatch } from '../../../src/protocol/live.js';
import type { Order, OrderStatus } from '../../../src/protocol/order.js';
import type { Settings, SettingsPatch } from '../../../src/protocol/settings.js';
import type { LedgerEntry, Viewer, ViewerStatus } from '../../../src/protocol/viewer.js';
import { type RequestOptions, request } from '../shared/api.js';
import type { CommandError } from '../shared/messages.js';
import type { Outcome } from '../shared/socket.js';
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

async function call<Answer>(
  method: NonNullable<RequestOptions['method']>,
  path: string,
  body?: unknown,
): Promise<Outcome<Answer>> {
  const outcome = await request<Answer>(path, { method, body, token: token.value ?? undefined });
  if (!outcome.ok && outcome.error.code === 'UNAUTHENTICATED') signOut('expired');
  return outcome;
}

/** A link could not carry the bearer token, so the file is fetched and handed to the browser as a blob. */
async function fetchCsv(status: OrderStatus | null): Promise<Outcome<Blob>> {
  try {
    const response = await fetch(withQuery('/api/v1/orders.csv', { status }), {
      headers: { Authorization: `Bearer ${token.value ?? ''}` },
    });
    if (response.ok) return { ok: true, data: await response.blob() };
    const { error }: { error: CommandError } = await response.json();
    return { ok: false, error };
  } catch {
    return { ok: false, error: { code: 'OFFLINE', message: 'OFFLINE' } };
  }
}

type Query = Record<string, string | number | null | undefined>;

function withQuery(path: string, query: Query): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') search.set(key, String(value));
  }
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
}

const at = (collection: string, id: string, action = ''): string =>
  `/${collection}/${encodeURIComponent(id)}${action}`;

export interface PageOf {
  cursor?: string | null;
  limit?: number;
}

/** The host's calls of `/api/v1`, one line each. */
export const api = {
  settings: () => call<{ settings: Settings }>('GET', '/settings'),
  patchSettings: (patch: SettingsPatch) =>
    call<{ settings: Settings }>('PATCH', '/settings', patch),

  items: (query: PageOf = {}) => call<Page<ItemView>>('GET', withQuery('/items', { ...query })),
  createItem: (item: ItemCreate) => call<{ item: ItemView }>('POST', '/items', item),
  patchItem: (id: string, patch: ItemPatch) =>
    call<{ item: ItemView }>('PATCH', at('items', id), patch),
  restock: (id: string, restock: Restock) =>
    call<{ item: ItemView }>('POST', at('items', id, '/restock'), restock),

  lives: (query: PageOf = {}) => call<Page<Live>>('GET', withQuery('/lives', { ...query })),
  createLive: (live: LiveCreate) => call<{ live: Live }>('POST', '/lives', live),
  patchLive: (id: string, patch: LivePatch) =>
    call<{ live: Live }>('PATCH', at('lives', id), patch),
  startLive: (id: string) => call<{ live: Live }>('POST', at('lives', id, '/start')),
  endLive: (id: string) => call<{ live: Live }>('POST', at('lives', id, '/end')),

  bookings: (query: PageOf & { liveId?: string; status?: BookingStatus; viewerId?: string }) =>
    call<Page<Booking>>('GET', withQuery('/bookings', { ...query })),
  cancelBooking: (id: string) => call<{ booking: Booking }>('POST', at('bookings', id, '/cancel')),

  orders: (query: PageOf & { status?: OrderStatus | null; viewerId?: string }) =>
    call<Page<Order>>('GET', withQuery('/orders', { ...query })),
  confirmPayment: (id: string) =>
    call<{ order: Order }>('POST', at('orders', id, '/confirm-payment')),
  cancelOrder: (id: string) => call<{ order: Order }>('POST', at('orders', id, '/cancel')),
  ordersCsv: fetchCsv,

  viewers: (query: PageOf & { minReputation?: number; maxReputation?: number }) =>
    call<Page<Viewer>>('GET', withQuery('/viewers', { ...query })),
  setViewerStatus: (id: string, status: ViewerStatus) =>
    call<{ viewer: Viewer }>('PATCH', at('viewers', id), { status }),
  ledger: (id: string, query: PageOf = {}) =>
    call<Page<LedgerEntry>>('GET', withQuery(at('viewers', id, '/reputation'), { ...query })),

  audit: () => call<Audit>('GET', '/audit'),
  status: () => call<Status>('GET', '/status'),
};

/** Every row of a list, page by page: for forms and charts that need a list whole. */
export async function everyRow<Row>(
  readPage: (query: { cursor: string | null; limit: number }) => Promise<Outcome<Page<Row>>>,
  options: { most: number; until?: (row: Row) => boolean },
): Promise<Outcome<Row[]>> {
  const rows: Row[] = [];
  let cursor: string | null = null;
  do {
    const outcome: Outcome<Page<Row>> = await readPage({ cursor, limit: 200 });
    if (!outcome.ok) return outcome;
    rows.push(...outcome.data.items);
    cursor = outcome.data.nextCursor;
  } while (cursor !== null && rows.length < options.most && !rows.some(options.until ?? never));
  return { ok: true, data: rows };
}

const never = () => false;
