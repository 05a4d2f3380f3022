import { useSignal } from '@preact/signals';
import type { Order } from '../../../../src/protocol/order.js';
import { Countdown } from '../../shared/Countdown.js';
import { dateTime } from '../../shared/format.js';
import { Icon } from '../../shared/Icon.js';
import { cockpit } from '../messages/cockpit.js';
import { trade } from '../messages/trade.js';
import { nameOf, person } from '../people.js';
import { Dialog } from '../ui/Dialog.js';
import { Reputation } from '../ui/Reputation.js';
import { CancelOrderDialog } from './CancelOrderDialog.js';
import { ConfirmPaymentDialog } from './ConfirmPaymentDialog.js';
import { OrderTotals } from './OrderTotals.js';
import { STATUS_TONES } from './statuses.js';

/** One order in full, and what the host may still do with it. */
export function OrderDialog({
  order,
  onChange,
  onClose,
}: {
  order: Order;
  onChange?: (order: Order) => void;
  onClose: () => void;
}) {
  const asking = useSignal<'confirm' | 'cancel' | null>(null);
  const stop = () => {
    asking.value = null;
  };
  const viewer = person(order.viewerId);
  const cancellable = order.status === 'awaiting_payment';
  // A transfer may come after the order has ended: it is paid if the stock is still there, else to be refunded.
  const ended = order.status === 'expired' || order.status === 'cancelled';
  const confirmable = order.transferOpened && (cancellable || ended);
  return (
    <Dialog title={trade('detailTitle', { id: order.orderId })} onClose={onClose} wide>
      <div class="dialog-body">
        <p class="order-who">
          <b>{nameOf(order.viewerId)}</b>
          {viewer !== undefined && <Reputation value={viewer.reputation} />}
          <span class={`badge ${STATUS_TONES[order.status]}`}>
            {trade(`status_${order.status}`)}
          </span>
        </p>
        {order.status === 'needs_refund' && (
          <p class="alarm">
            <Icon name="alert" />
            {cockpit('refundLead')}
          </p>
        )}
        <OrderTotals order={order} />
        <Times order={order} />
      </div>
      {(cancellable || confirmable) && (
        <div class="dialog-foot">
          {cancellable && (
            <button
              type="button"
              class="button button-danger"
              onClick={() => {
                asking.value = 'cancel';
              }}
            >
              {trade('cancel')}
            </button>
          )}
          {confirmable && (
            <button
              type="button"
              class={`button${cancellable ? ' button-primary' : ''}`}
              onClick={() => {
                asking.value = 'confirm';
              }}
            >
              {trade(cancellable ? 'confirm' : 'confirmLate')}
            </button>
          )}
        </div>
      )}
      {asking.value === 'confirm' && (
        <ConfirmPaymentDialog order={order} onChange={onChange} onClose={stop} />
      )}
      {asking.value === 'cancel' && (
        <CancelOrderDialog order={order} onChange={onChange} onClose={stop} />
      )}
    </Dialog>
  );
}

function Times({ order }: { order: Order }) {
  return (
    <p class="muted small order-times">
      <span>
        {trade('created')} {dateTime(order.createdAt)}
      </span>
      <span>{trade(`method_${order.payment?.method ?? 'none'}`)}</span>
      {order.paidAt !== undefined && (
        <span>{trade('paidAt', { time: dateTime(order.paidAt) })}</span>
      )}
      {order.status === 'awaiting_payment' && (
        <span>
          {trade('expiresAt', { time: dateTime(order.expiresAt) })} (
          <Countdown until={order.expiresAt} />)
        </span>
      )}
    </p>
  );
}
