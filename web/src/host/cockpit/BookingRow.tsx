import type { HostBooking } from '../../../../src/protocol/snapshot.js';
import { Countdown } from '../../shared/Countdown.js';
import { Icon } from '../../shared/Icon.js';
import { cockpit } from '../messages/cockpit.js';
import { person } from '../people.js';
import { Reputation } from '../ui/Reputation.js';
import { stock } from './room.js';

/** One held booking: who, what, how long still, and the way to give it back to everyone. */
export function BookingRow({
  booking,
  onCancel,
}: {
  booking: HostBooking;
  onCancel: (booking: HostBooking) => void;
}) {
  const item = stock.get(booking.itemId)?.details.value;
  const viewer = person(booking.viewerId) ?? booking.viewer;
  return (
    <li class="booking-row" data-booking={booking.bookingId}>
      <span class="booking-time">
        <Countdown until={booking.expiresAt} />
      </span>
      <span class="booking-who">
        <span class="booking-viewer">
          {viewer.name} <Reputation value={viewer.reputation} />
        </span>
        <span class="booking-what">
          <b class="numeric">{booking.quantity}×</b> <b>{item?.code}</b>{' '}
          {cockpit('sequence', { n: booking.sequence })} · {item?.name}
        </span>
      </span>
      <button
        type="button"
        class="icon-button"
        aria-label={cockpit('cancelBookingOf', {
          name: item?.name ?? booking.itemId,
          viewer: viewer.name,
        })}
        onClick={() => onCancel(booking)}
      >
        <Icon name="close" />
      </button>
    </li>
  );
}
