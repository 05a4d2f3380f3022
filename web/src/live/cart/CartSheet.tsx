import { useSignal } from '@preact/signals';
import type { Booking } from '../../../../src/protocol/booking.js';
import type { Order } from '../../../../src/protocol/order.js';
import { Countdown, ticking } from '../../shared/clock.js';
import { percent, rupiah } from '../../shared/format.js';
import { Icon } from '../../shared/Icon.js';
import { ItemPicture } from '../../shared/ItemPicture.js';
import { toast } from '../../shared/toast.js';
import { cancelBooking } from '../booking.js';
import { CancelCost, LapseCost } from '../Costs.js';
import { Stepper } from '../items/ItemParts.js';
import { bookings, cartTotal, checkout, reputation, unpaidOrders } from '../me.js';
import { say } from '../messages.js';
import { startCheckout } from '../purchase.js';
import { buy } from '../purchaseMessages.js';
import { Sheet } from '../Sheet.js';
import { Refusal, takeFocus, useStep } from '../sheetParts.js';
import { openSheet } from '../sheets.js';
import { current, itemName, rules, stock } from '../state.js';

export function CartSheet() {
  const held = bookings.value;
  return (
    <Sheet title={buy('cart')} footer={held.length > 0 ? <CartFoot /> : undefined}>
      {held.length === 0 ? (
        <div class="empty">
          <Icon name="bag" size={40} />
          <h3>{buy('cartEmpty')}</h3>
          <p class="muted">{buy('cartEmptyText')}</p>
          {unpaidOrders.value[0] !== undefined && <ToOrder order={unpaidOrders.value[0]} />}
        </div>
      ) : (
        <>
          <ul class="rows">
            {held.map((booking) => (
              <BookingRow key={booking.bookingId} booking={booking} />
            ))}
          </ul>
          <WhatComesOnTop />
          <LapseCost lines={held} />
        </>
      )}
    </Sheet>
  );
}

/** Another tab has ordered: what was in the cart is there. */
function ToOrder({ order }: { order: Order }) {
  return (
    <button
      type="button"
      class="button button-primary"
      onClick={() => openSheet({ kind: 'order', orderId: order.orderId })}
    >
      {buy('toOrder', { order: order.code })}
    </button>
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

/** What the subtotal is not: PPN and fees, before they come as a surprise. */
function WhatComesOnTop() {
  const known = rules.value;
  if (known === null) return null;
  const rate = { percent: percent(known.ppnPercent) };
  const fees = (['shippingFee', 'serviceFee'] as const)
    .filter((fee) => known[fee] > 0)
    .map((fee) => buy('feeNamed', { name: buy(fee), amount: rupiah(known[fee]) }));
  const words = [
    ...(known.ppnPercent > 0
      ? [buy(known.pricesIncludePpn ? 'pricesWith' : 'pricesWithout', rate)]
      : []),
    ...(fees.length > 0 ? [buy('feesLater', { fees: fees.join(', ') })] : []),
  ];
  return words.length === 0 ? null : <p class="small muted">{words.join(' ')}</p>;
}

/** One booking in the cart: what, how many, place in line, and how long it is still held. */
function BookingRow({ booking }: { booking: Booking }) {
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
  const left = Math.max(0, Math.min(1, (until - ticking()) / Math.max(1, until - from)));
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
        <button type="button" class="button" ref={takeFocus} onClick={onDone}>
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
