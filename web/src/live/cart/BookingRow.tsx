import { useSignal } from '@preact/signals';
import type { Booking } from '../../../../src/protocol/booking.js';
import { Countdown } from '../../shared/Countdown.js';
import { tick } from '../../shared/clock.js';
import { rupiah } from '../../shared/format.js';
import { toast } from '../../shared/toast.js';
import { cancelBooking } from '../booking.js';
import { CancelCost } from '../Costs.js';
import { ItemPicture } from '../items/ItemPicture.js';
import { Stepper } from '../items/Stepper.js';
import { reputation } from '../me.js';
import { say } from '../messages.js';
import { buy } from '../purchaseMessages.js';
import { Refusal } from '../Refusal.js';
import { current, itemName, rules, stock } from '../state.js';
import { useStep } from '../useStep.js';

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

interface CancelBookingProps {
  booking: Booking;
  name: string;
  onDone: () => void;
}

/** Asks how many to let go, and says what that costs before it is done. */
function CancelBooking({ booking, name, onDone }: CancelBookingProps) {
  const wanted = useSignal(booking.quantity);
  const quantity = Math.min(wanted.value, booking.quantity);
  const step = useStep(async () => {
    const refusal = await cancelBooking(booking, quantity);
    if (refusal === null) {
      toast(buy('cancelled', { name, reputation: reputation.peek() }), 'good');
      onDone();
    }
    return refusal;
  });
  return (
    <div class="confirm">
      {booking.quantity > 1 && (
        <div class="confirm-quantity">
          <p>{buy('cancelHowMany')}</p>
          <Stepper
            value={quantity}
            most={booking.quantity}
            label={say('quantityOf', { name })}
            fewerLabel={say('fewer', { name })}
            moreLabel={say('moreOf', { name })}
            onChange={(next) => {
              wanted.value = next;
            }}
          />
        </div>
      )}
      <CancelCost
        units={quantity}
        freeUntil={booking.createdAt + (rules.value?.freeCancelSeconds ?? 0) * 1_000}
      />
      <Refusal error={step.error.value} />
      <div class="confirm-buttons">
        <button type="button" class="button" onClick={onDone}>
          {buy('keep')}
        </button>
        <button
          type="button"
          class="button button-danger"
          disabled={step.busy.value}
          aria-busy={step.busy.value}
          onClick={() => step.run()}
        >
          {buy('confirmCancel', { count: quantity })}
        </button>
      </div>
    </div>
  );
}
