import { useComputed } from '@preact/signals';
import type { Order } from '../../../../src/protocol/order.js';
import { rupiah } from '../../shared/format.js';
import { toast } from '../../shared/toast.js';
import { trade } from '../messages/trade.js';
import { transfersWords } from '../messages/transfers.js';
import { api } from '../state/api.js';
import { nameOf } from '../state/people.js';
import { amountDue, noteOrderWaiting, transfers } from '../state/waiting.js';
import { Icon } from '../ui/Icon.js';
import { ConfirmDialog } from '../ui/SubmitForm.js';

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
