import type { Order, OrderStatus } from '../../../../src/protocol/order.js';
import { say } from '../messages.js';
import { CopyButton } from '../sheetParts.js';
import { pay } from './messages.js';

const SHIPPED = ['none', 'packed', 'shipped', 'done'] as const;
const PICKED_UP = ['none', 'packed', 'done'] as const;

/** A paid order on its way to the buyer: the steps, and the parcel's number. */
export function Progress({ order }: { order: Order }) {
  const steps: readonly Order['fulfilment'][] = order.delivery === 'ship' ? SHIPPED : PICKED_UP;
  // A host may send by courier what was to be picked up.
  const at = Math.max(0, steps.indexOf(order.fulfilment));
  return (
    <>
      <ol class="progress" aria-label={pay('progress')}>
        {steps.map((step, index) => (
          <li
            key={step}
            class={index <= at ? 'progress-reached' : undefined}
            aria-current={index === at ? 'step' : undefined}
          >
            {fulfilmentText(order, step)}
          </li>
        ))}
      </ol>
      {order.tracking !== undefined && (
        <div class="transfer-line tracking">
          <p>
            <span class="small muted">{pay('tracking')}</span>
            <strong class="numeric">{order.tracking}</strong>
          </p>
          <CopyButton text={order.tracking} label={pay('copyTracking')} />
        </div>
      )}
    </>
  );
}

export function fulfilmentText({ delivery }: Order, step: Order['fulfilment']): string {
  if (delivery === 'pickup' && step === 'packed') return say('pickup_packed');
  if (delivery === 'pickup' && step === 'done') return say('pickup_done');
  return say(`fulfilment_${step}`);
}

const TONES: Record<OrderStatus, string> = {
  awaiting_payment: 'badge-held',
  paid: 'badge-good',
  expired: '',
  cancelled: '',
  needs_refund: 'badge-bad',
  refunded: '',
};

/** Whether its money is still to be paid back by the seller, whatever became of the order. */
export function isOwed({ status, refunds = [] }: Order): boolean {
  return status === 'refunded' && refunds.some((refund) => refund.status === 'open');
}

export function OrderBadge({ order }: { order: Order }) {
  const status = isOwed(order) ? 'needs_refund' : order.status;
  return (
    <span class={`badge ${TONES[status]}`}>
      {pay(status === 'cancelled' ? 'orderCancelled' : status)}
    </span>
  );
}
