import { useComputed, useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { newRequestId } from '../../../../src/client/index.js';
import type { Order } from '../../../../src/protocol/order.js';
import { rupiah } from '../../shared/format.js';
import { toast } from '../../shared/toast.js';
import { parcels as words } from '../messages/parcels.js';
import { trade } from '../messages/trade.js';
import { transfersWords } from '../messages/transfers.js';
import { api } from '../state/api.js';
import { nameOf } from '../state/people.js';
import { amountDue, noteOrderWaiting, transfers } from '../state/waiting.js';
import { ConfirmDialog } from '../ui/Dialog.js';
import { Switch } from '../ui/Field.js';
import { Icon } from '../ui/Icon.js';

/** Money that the host says has come: what was to be transferred is shown large, for it cannot be taken back. */
export function ConfirmPaymentDialog({
  order,
  onChange,
  onClose,
}: {
  order: Order;
  onChange?: ((order: Order) => void) | undefined;
  onClose: () => void;
}) {
  const due = amountDue(order);
  const words = { viewer: nameOf(order.viewerId), total: rupiah(due) };
  const sameAs = useComputed(() =>
    transfers.value
      .filter((other) => other.orderId !== order.orderId && amountDue(other) === due)
      .map((other) => other.code)
      .join(', '),
  );
  const late = order.status !== 'awaiting_payment';
  const confirm = async () => {
    const outcome = await api.confirmPayment(order.orderId);
    if (outcome.ok) {
      const settled = outcome.data.order;
      noteOrderWaiting(settled);
      onChange?.(settled);
      if (settled.status === 'paid') toast(trade('confirmed', words), 'good');
      else toast(trade('confirmedTooLate', words), 'bad');
    }
    return outcome;
  };
  return (
    <ConfirmDialog
      title={trade('confirmTitle')}
      yes={trade('confirmYes')}
      no={trade('confirmNo')}
      run={confirm}
      onClose={onClose}
    >
      <p class="big-money numeric">{words.total}</p>
      {due > order.total && (
        <p class="muted">{trade('uniquePart', { code: rupiah(due - order.total) })}</p>
      )}
      <p>{trade(late ? 'confirmLateLead' : 'confirmLead', words)}</p>
      {sameAs.value !== '' && (
        <p class="alarm">
          <Icon name="alert" />
          <span>
            {transfersWords('sameAmount', { codes: sameAs.value })}. {transfersWords('askSame')}
          </span>
        </p>
      )}
    </ConfirmDialog>
  );
}

/** Gives a paid order up; what was paid then stands under Refunds until it has gone back. */
export function RefundOrderDialog({
  order,
  onChange,
  onClose,
}: {
  order: Order;
  onChange?: ((order: Order) => void) | undefined;
  onClose: () => void;
}) {
  const restock = useSignal(order.fulfilment === 'none' || order.fulfilment === 'packed');
  const requestId = useMemo(newRequestId, []);
  const { code, payment, total } = order;
  const about = { code, viewer: nameOf(order.viewerId), amount: rupiah(payment?.amount ?? total) };
  const refund = async () => {
    const body = { restock: restock.value, requestId };
    const outcome = await api.refundOrder(order.orderId, body);
    if (outcome.ok) {
      noteOrderWaiting(outcome.data.order);
      onChange?.(outcome.data.order);
      if (outcome.data.refund === null) toast(words('refundedFree', { code }), 'good');
      else toast(words('refunded', about), 'info');
    }
    return outcome;
  };
  return (
    <ConfirmDialog
      title={words('refundTitle', { code })}
      yes={words('refundYes')}
      no={words('refundNo')}
      danger
      run={refund}
      onClose={onClose}
    >
      <p>{words('refundLead', about)}</p>
      <Switch
        label={words('restock')}
        help={words('restockHelp')}
        on={restock.value}
        onChange={(on) => {
          restock.value = on;
        }}
      />
    </ConfirmDialog>
  );
}

export function CancelOrderDialog({
  order,
  onChange,
  onClose,
}: {
  order: Order;
  onChange?: ((order: Order) => void) | undefined;
  onClose: () => void;
}) {
  const viewer = nameOf(order.viewerId);
  const cancel = async () => {
    const outcome = await api.cancelOrder(order.orderId);
    if (outcome.ok) {
      noteOrderWaiting(outcome.data.order);
      onChange?.(outcome.data.order);
      toast(trade('cancelled', { viewer }), 'good');
    }
    return outcome;
  };
  return (
    <ConfirmDialog
      title={trade('cancelTitle')}
      yes={trade('cancelYes')}
      no={trade('cancelNo')}
      danger
      run={cancel}
      onClose={onClose}
    >
      <p>{trade('cancelLead', { viewer })}</p>
    </ConfirmDialog>
  );
}
