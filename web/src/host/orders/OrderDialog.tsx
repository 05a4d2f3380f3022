import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { HostOrder } from '../../../../src/protocol/http.js';
import type { Order } from '../../../../src/protocol/order.js';
import { Countdown } from '../../shared/clock.js';
import { dateTime, rupiah } from '../../shared/format.js';
import { parcels } from '../messages/parcels.js';
import { refundsWords } from '../messages/refunds.js';
import { trade } from '../messages/trade.js';
import { transfersWords } from '../messages/transfers.js';
import { href } from '../route.js';
import { api } from '../state/api.js';
import { nameOf, person } from '../state/people.js';
import { isOwner } from '../state/session.js';
import { loadShopName } from '../state/shop.js';
import { amountDue, isRefundDue } from '../state/waiting.js';
import { Dialog } from '../ui/Dialog.js';
import { Icon } from '../ui/Icon.js';
import { Reputation } from '../ui/Reputation.js';
import { CancelOrderDialog, ConfirmPaymentDialog, RefundOrderDialog } from './EndingDialogs.js';
import { PrintSelect } from './ListTools.js';
import { StatusBadge } from './OrderLine.js';
import { OrderRecipient, OrderTotals } from './OrderParts.js';
import { ParcelForm } from './ParcelForm.js';
import { reminderUrl, sentUrl } from './whatsapp.js';

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
  const asking = useSignal<'confirm' | 'cancel' | 'refund' | null>(null);
  const { hostNote, note } = useHostNote(order.orderId);
  const stop = () => {
    asking.value = null;
  };
  useEffect(() => void loadShopName(), []);
  const viewer = person(order.viewerId);
  return (
    <Dialog title={trade('detailTitle', { id: order.code })} onClose={onClose} wide>
      <div class="dialog-body">
        <p class="order-who">
          <b>{nameOf(order.viewerId)}</b>
          {viewer !== undefined && <Reputation value={viewer.reputation} />}
          <StatusBadge order={order} />
        </p>
        {isRefundDue(order) && (
          <p class="alarm">
            <Icon name="alert" />
            <span>
              {refundsWords('owed')}{' '}
              <a href={href('orders', 'refunds')} onClick={onClose}>
                {trade('part_refunds')}
              </a>
            </span>
          </p>
        )}
        <PaymentFacts order={order} />
        <OrderRecipient order={order} />
        <OrderTotals order={order} />
        <Times order={order} />
        {order.refunds?.map((refund) => (
          <p key={refund.refundId} class="muted small">
            {refundsWords(`reason_${refund.reason}`)}: {rupiah(refund.amount)} ·{' '}
            {refundsWords(`status_${refund.status}`)}
          </p>
        ))}
        {order.status === 'paid' && hostNote !== undefined && (
          <ParcelForm
            key={order.orderId}
            order={order}
            hostNote={hostNote}
            onChange={(next) => {
              note(next.hostNote);
              onChange?.(next);
            }}
          />
        )}
      </div>
      <Actions order={order} onAsk={(what) => (asking.value = what)} />
      {asking.value === 'confirm' && (
        <ConfirmPaymentDialog order={order} onChange={onChange} onClose={stop} />
      )}
      {asking.value === 'cancel' && (
        <CancelOrderDialog order={order} onChange={onChange} onClose={stop} />
      )}
      {asking.value === 'refund' && (
        <RefundOrderDialog order={order} onChange={onChange} onClose={stop} />
      )}
    </Dialog>
  );
}

/** The shop's own note, which no event carries; undefined until it is known. */
function useHostNote(orderId: string) {
  const known = useSignal<string | undefined>(undefined);
  useEffect(() => {
    void api.order(orderId).then((outcome) => {
      if (outcome.ok) known.value = outcome.data.order.hostNote ?? '';
    });
  }, [orderId, known]);
  return {
    hostNote: known.value,
    note(next: HostOrder['hostNote']) {
      known.value = next ?? '';
    },
  };
}

type Ask = 'confirm' | 'cancel' | 'refund';

function Actions({ order, onAsk }: { order: Order; onAsk: (what: Ask) => void }) {
  const isUnpaid = order.status === 'awaiting_payment';
  // A transfer may come after the order has ended: it is paid if the stock is still there, else to be refunded.
  const ended = order.status === 'expired' || order.status === 'cancelled';
  const isConfirmable = order.transferOpened && (isUnpaid || ended);
  const chat = isUnpaid ? reminderUrl(order) : sentUrl(order);
  return (
    <div class="dialog-foot">
      <PrintSelect ids={[order.orderId]} />
      {chat !== undefined && (
        <a class="button" href={chat} target="_blank" rel="noreferrer">
          {transfersWords(isUnpaid ? 'remind' : 'chat')}
        </a>
      )}
      {isUnpaid && (
        <button type="button" class="button button-danger" onClick={() => onAsk('cancel')}>
          {trade('cancel')}
        </button>
      )}
      {order.status === 'paid' && (
        <button
          type="button"
          class="button button-danger"
          disabled={!isOwner.value}
          title={isOwner.value ? undefined : parcels('ownerOnly')}
          onClick={() => onAsk('refund')}
        >
          {parcels('refund')}
        </button>
      )}
      {isConfirmable && (
        <button
          type="button"
          class={`button${isUnpaid ? ' button-primary' : ''}`}
          onClick={() => onAsk('confirm')}
        >
          {trade(isUnpaid ? 'confirm' : 'confirmLate')}
        </button>
      )}
    </div>
  );
}

/** How it is paid, and what of the amount names the order. */
function PaymentFacts({ order }: { order: Order }) {
  const { payment } = order;
  const due = amountDue(order);
  const unique = due - order.total;
  return (
    <div class="facts">
      <p>
        <span class="muted">{trade('code')}</span> <b class="order-code">{order.code}</b>
      </p>
      {payment?.method === 'bank_transfer' && (
        <p>
          <span class="muted">{trade('amountToPay')}</span> <b class="numeric">{rupiah(due)}</b>{' '}
          {unique > 0 && <span class="muted">{trade('uniquePart', { code: rupiah(unique) })}</span>}
        </p>
      )}
      {payment?.claimedAt !== undefined && order.status === 'awaiting_payment' && (
        <p class="transfer-claimed">{trade('claimedAt', { time: dateTime(payment.claimedAt) })}</p>
      )}
      {order.invoiceNumber !== undefined && (
        <p>{trade('invoice', { number: order.invoiceNumber })}</p>
      )}
    </div>
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
