import type { OrderStatus } from '../../../../src/protocol/order.js';
import { buy } from '../purchaseMessages.js';

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
      {buy(status === 'cancelled' ? 'orderCancelled' : status)}
    </span>
  );
}
