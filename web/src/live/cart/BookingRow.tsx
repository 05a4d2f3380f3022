import { useSignal } from '@preact/signals';
import type { Booking } from '../../../../src/protocol/booking.js';
import { Countdown } from '../../shared/Countdown.js';
import { tick } from '../../shared/clock.js';
import { rupiah } from '../../shared/format.js';
import { ItemPicture } from '../items/ItemPicture.js';
import { buy } from '../purchaseMessages.js';
import { current, itemName, stock } from '../state.js';
import { CancelBooking } from './CancelBooking.js';

/** One booking in the cart: what, how many, place in line, and how long it is still held. */
export function BookingRow({ booking }: { booking: Booking }) {
  const cancelling = useSignal(false);
  const details = stock.get(booking.itemId)?.details.value;
  const name = details?.name ?? itemName(booking.itemId);
  return (
    <li class="row">
      <div class="row-picture">{details !== undefined && <ItemPicture details={details} />}</div>
      <div class="row-text">
        <h3>{name}</h3>
        <p class="small muted numeric">
          {booking.quantity} × {rupiah(booking.unitPrice)} ·{' '}
          {buy('sequence', { sequence: booking.sequence })}
        </p>
        <div class="row-time">
          <TimeBar from={booking.createdAt} until={booking.expiresAt} />
          <Countdown until={booking.expiresAt} />
          {!cancelling.value && (
            <button
              type="button"
              class="button button-quiet row-cancel"
              aria-label={buy('cancelBookingOf', { name })}
              disabled={!current.value}
              onClick={() => {
                cancelling.value = true;
              }}
            >
              {buy('cancelBooking')}
            </button>
          )}
        </div>
      </div>
      {cancelling.value && (
        <CancelBooking
          booking={booking}
          name={name}
          onDone={() => {
            cancelling.value = false;
          }}
        />
      )}
    </li>
  );
}

/** The same as the countdown beside it, for the eye alone. */
function TimeBar({ from, until }: { from: number; until: number }) {
  const left = Math.max(0, Math.min(1, (until - tick.value) / Math.max(1, until - from)));
  return (
    <span class="time-bar" aria-hidden="true">
      <span
        class={`time-bar-fill${left < 0.2 ? ' time-bar-low' : ''}`}
        style={{ transform: `scaleX(${left.toFixed(3)})` }}
      />
    </span>
  );
}
