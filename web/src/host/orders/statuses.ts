import type { OrderStatus } from '../../../../src/protocol/order.js';

export type StatusFilter = 'all' | OrderStatus;

/** In the order in which a seller cares. */
export const STATUSES: readonly StatusFilter[] = [
  'all',
  'awaiting_payment',
  'needs_refund',
  'paid',
  'expired',
  'cancelled',
  'refunded',
];

/** The badge of a status; the word beside it carries the meaning. */
export const STATUS_TONES: Record<OrderStatus, string> = {
  awaiting_payment: 'badge-held',
  paid: 'badge-good',
  expired: '',
  cancelled: '',
  needs_refund: 'badge-bad',
  refunded: '',
};
