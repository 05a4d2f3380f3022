import type { OrderStatus } from '../../../../src/protocol/order.js';
import { pay } from './messages.js';

const TONES: Record<OrderStatus, string> = {
  awaiting_payment: 'badge-held',
  paid: 'badge-good',
  expired: '',
  cancelled: '',
  needs_refund: 'badge-bad',
  refunded: '',
};

export function OrderBadge({ status }: { status: OrderStatus }) {
  return (
    <span class={`badge ${TONES[status]}`}>
      {pay(status === 'cancelled' ? 'orderCancelled' : status)}
    </span>
  );
}
