import type { Order } from '../../../../src/protocol/order.js';
import { rupiah } from '../../shared/format.js';
import { toast } from '../../shared/toast.js';
import { api } from '../api.js';
import { trade } from '../messages/trade.js';
import { nameOf } from '../people.js';
import { ConfirmDialog } from '../ui/ConfirmDialog.js';
import { noteOrderWaiting } from './waiting.js';

/** Money that the host says has come: the amount is shown large, for it cannot be taken back. */
export function ConfirmPaymentDialog({
  order,
  onChange,
  onClose,
}: {
  order: Order;
  onChange?: ((order: Order) => void) | undefined;
  onClose: () => void;
}) {
  const words = { viewer: nameOf(order.viewerId), total: rupiah(order.total) };
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
      <p>{trade(late ? 'confirmLateLead' : 'confirmLead', words)}</p>
    </ConfirmDialog>
  );
}
