import type { HostBooking } from '../../../../src/protocol/snapshot.js';
import { toast } from '../../shared/toast.js';
import { api } from '../api.js';
import { cockpit } from '../messages/cockpit.js';
import { ConfirmDialog } from '../ui/ConfirmDialog.js';
import { stock } from './room.js';

export function CancelBookingDialog({
  booking,
  onClose,
}: {
  booking: HostBooking;
  onClose: () => void;
}) {
  const name = stock.get(booking.itemId)?.details.value.name ?? booking.itemId;
  const viewer = booking.viewer.name;
  const cancel = async () => {
    const outcome = await api.cancelBooking(booking.bookingId);
    if (outcome.ok) toast(cockpit('cancelBookingDone', { viewer }), 'good');
    return outcome;
  };
  return (
    <ConfirmDialog
      title={cockpit('cancelBookingTitle')}
      yes={cockpit('cancelBooking')}
      no={cockpit('keepBooking')}
      danger
      run={cancel}
      onClose={onClose}
    >
      <p>{cockpit('cancelBookingLead', { quantity: booking.quantity, name, viewer })}</p>
    </ConfirmDialog>
  );
}
