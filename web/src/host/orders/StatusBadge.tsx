import type { Order } from '../../../../src/protocol/order.js';
import { trade } from '../messages/trade.js';
import { STATUS_TONES } from './statuses.js';
import { isRefundDue } from './waiting.js';

/** How an order stands. One whose money is still to go back is not shown as if it had gone. */
export function StatusBadge({ order }: { order: Order }) {
  const status = order.status === 'refunded' && isRefundDue(order) ? 'needs_refund' : order.status;
  return <span class={`badge ${STATUS_TONES[status]}`}>{trade(`status_${status}`)}</span>;
}
