import type { Order } from '../../../../src/protocol/order.js';
import { toast } from '../../shared/toast.js';
import { api } from '../api.js';
import { trade } from '../messages/trade.js';
import { nameOf } from '../people.js';
import { ConfirmDialog } from '../ui/ConfirmDialog.js';
import { noteOrderWaiting } from './waiting.js';

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
