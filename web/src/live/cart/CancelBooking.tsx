import { useSignal } from '@preact/signals';
import type { Booking } from '../../../../src/protocol/booking.js';
import { toast } from '../../shared/toast.js';
import { cancelBooking } from '../booking.js';
import { CancelCost } from '../CancelCost.js';
import { Stepper } from '../items/Stepper.js';
import { reputation } from '../me.js';
import { say } from '../messages.js';
import { buy } from '../purchaseMessages.js';
import { Refusal } from '../Refusal.js';
import { rules } from '../state.js';
import { useStep } from '../useStep.js';

interface CancelBookingProps {
  booking: Booking;
  name: string;
  onDone: () => void;
}

/** Asks how many to let go, and says what that costs before it is done. */
export function CancelBooking({ booking, name, onDone }: CancelBookingProps) {
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
