import { Countdown } from '../../shared/Countdown.js';
import { rupiah } from '../../shared/format.js';
import { Icon } from '../../shared/Icon.js';
import { bookings, cartTotal, checkout } from '../me.js';
import { startCheckout } from '../purchase.js';
import { buy } from '../purchaseMessages.js';
import { Refusal } from '../Refusal.js';
import { Sheet } from '../Sheet.js';
import { openSheet } from '../sheets.js';
import { current } from '../state.js';
import { useStep } from '../useStep.js';
import { BookingRow } from './BookingRow.js';

export function CartSheet() {
  const held = bookings.value;
  return (
    <Sheet title={buy('cart')} footer={held.length > 0 ? <CartFoot /> : undefined}>
      {held.length === 0 ? (
        <div class="empty">
          <Icon name="bag" size={40} />
          <h3>{buy('cartEmpty')}</h3>
          <p class="muted">{buy('cartEmptyText')}</p>
        </div>
      ) : (
        <ul class="rows">
          {held.map((booking) => (
            <BookingRow key={booking.bookingId} booking={booking} />
          ))}
        </ul>
      )}
    </Sheet>
  );
}

function CartFoot() {
  const running = checkout.value;
  const step = useStep(startCheckout);
  const proceed = () => (running === null ? step.run() : openSheet({ kind: 'checkout' }));
  return (
    <>
      <p class="sum-line">
        <span>{buy('subtotal')}</span>
        <strong class="numeric">{rupiah(cartTotal.value)}</strong>
      </p>
      <Refusal error={step.error.value} />
      <button
        type="button"
        class="button button-primary button-block button-large"
        disabled={!current.value || step.busy.value}
        aria-busy={step.busy.value}
        onClick={proceed}
      >
        {buy(running === null ? 'checkout' : 'resumeCheckout')}
        {running !== null && <Countdown until={running.expiresAt} />}
      </button>
    </>
  );
}
