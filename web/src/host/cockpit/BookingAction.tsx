import { useSignal } from '@preact/signals';
import { newRequestId } from '../../../../src/client/index.js';
import type { HostBooking } from '../../../../src/protocol/snapshot.js';
import type { CommandError } from '../../shared/messages.js';
import { toast } from '../../shared/toast.js';
import { bookings } from '../messages/bookings.js';
import { hostErrorText } from '../messages/errors.js';
import { api } from '../state/api.js';
import { stock } from '../state/room.js';
import { Icon } from '../ui/Icon.js';
import { ConfirmDialog } from '../ui/SubmitForm.js';

/** What the seller can do to a booking: give a held one back to everyone, or hold an ended one again. */
export function BookingAction({ booking, viewer }: { booking: HostBooking; viewer: string }) {
  const asking = useSignal(false);
  const busy = useSignal(false);
  const name = stock.get(booking.itemId)?.details.value.name ?? booking.itemId;
  const restore = async () => {
    busy.value = true;
    const outcome = await api.restoreBooking(booking.bookingId, { requestId: newRequestId() });
    busy.value = false;
    if (outcome.ok) toast(bookings('restored', { viewer }), 'good');
    else toast(whyNotRestored(outcome.error), 'bad');
  };
  const isEnded = booking.status === 'cancelled' || booking.status === 'expired';
  return (
    <>
      {booking.status === 'held' && (
        <button
          type="button"
          class="icon-button"
          aria-label={bookings('cancelOf', { name, viewer })}
          onClick={() => {
            asking.value = true;
          }}
        >
          <Icon name="close" />
        </button>
      )}
      {isEnded && (
        <button
          type="button"
          class="icon-button"
          aria-label={bookings('restoreOf', { name, viewer })}
          title={bookings('restore')}
          disabled={busy.value}
          onClick={() => void restore()}
        >
          <Icon name="undo" />
        </button>
      )}
      {asking.value && (
        <ConfirmDialog
          title={bookings('cancelTitle')}
          yes={bookings('cancel')}
          no={bookings('keep')}
          danger
          run={async () => {
            const outcome = await api.cancelBooking(booking.bookingId);
            if (outcome.ok) toast(bookings('cancelled', { viewer }), 'good');
            return outcome;
          }}
          onClose={() => {
            asking.value = false;
          }}
        >
          <p>{bookings('cancelLead', { quantity: booking.quantity, name, viewer })}</p>
        </ConfirmDialog>
      )}
    </>
  );
}

function whyNotRestored(error: CommandError): string {
  if (error.code !== 'BOOKING_NOT_HELD') return hostErrorText(error);
  return bookings(error.details?.status === 'ordered' ? 'alreadyOrdered' : 'alreadyHeld');
}
