import type { Order } from '../../../../src/protocol/order.js';
import { Countdown } from '../../shared/Countdown.js';
import { percent, rupiah } from '../../shared/format.js';
import { Icon } from '../../shared/Icon.js';
import { LapseCost } from '../Costs.js';
import { bookings, cartTotal, checkout, unpaidOrders } from '../me.js';
import { startCheckout } from '../purchase.js';
import { buy } from '../purchaseMessages.js';
import { Refusal } from '../Refusal.js';
import { Sheet } from '../Sheet.js';
import { openSheet } from '../sheets.js';
import { current, rules } from '../state.js';
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
