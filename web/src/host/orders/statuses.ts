import type { Order, OrderStatus } from '../../../../src/protocol/order.js';
import { replaceRoute, route } from '../route.js';
import type { OrdersFilter } from '../state/api.js';

/** The badge of a status; the word beside it carries the meaning. */
export const STATUS_TONES: Record<OrderStatus, string> = {
  awaiting_payment: 'badge-held',
  paid: 'badge-good',
  expired: '',
  cancelled: '',
  needs_refund: 'badge-bad',
  refunded: '',
};

export type Fulfilment = Order['fulfilment'];

export const FULFILMENT_TONES: Record<Fulfilment, string> = {
  none: 'badge-held',
  packed: 'badge-sun',
  shipped: 'badge-good',
  done: '',
};

export const FULFILMENTS = Object.keys(FULFILMENT_TONES) as Fulfilment[];

/** In the order in which a seller cares; `transfer` are those to be confirmed. */
export const VIEWS = [
  'all',
  'transfer',
  'awaiting_payment',
  'needs_refund',
  'paid',
  'expired',
  'cancelled',
  'refunded',
] as const;
export type View = (typeof VIEWS)[number];

/** What the address says that is looked at. */
export function readView(): View {
  return VIEWS.find((known) => known === route.value.query.get('status')) ?? 'all';
}

/** The same as the server is asked for it; what was paid comes by the time of its payment. */
export function readFilter(): OrdersFilter {
  const { query } = route.value;
  const view = readView();
  const status = view === 'all' || view === 'transfer' ? undefined : view;
  const fulfilment = FULFILMENTS.find((known) => known === query.get('fulfilment'));
  const [q, liveId, viewerId] = [query.get('q'), query.get('live'), query.get('viewer')];
  return {
    ...(status ? { status } : {}),
    ...(status === 'paid' ? { sort: 'paidAt' } : {}),
    ...(fulfilment ? { fulfilment } : {}),
    ...(q ? { q } : {}),
    ...(liveId ? { liveId } : {}),
    ...(viewerId ? { viewerId } : {}),
  };
}

/** Looks at something else; an empty text takes a part of the filter away. */
export function changeFilter(
  changes: Partial<Record<'status' | 'q' | 'live' | 'viewer' | 'fulfilment', string>>,
): void {
  const query = Object.fromEntries(route.value.query);
  const kept = Object.entries({ ...query, ...changes }).filter(([, value]) => value !== '');
  replaceRoute('orders', undefined, Object.fromEntries(kept));
}
