import { useComputed } from '@preact/signals';
import { Countdown } from '../../shared/Countdown.js';
import { rupiah } from '../../shared/format.js';
import { Icon } from '../../shared/Icon.js';
import { bookings, cartQuantity, cartTotal, orders, profile, unpaidOrders } from '../me.js';
import { say } from '../messages.js';
import { buy } from '../purchaseMessages.js';
import { openSheet } from '../sheets.js';
import { arrival } from '../state.js';

/** Always under the thumb: what is held and until when, and the orders that await payment. */
export function CartBar() {
  if (arrival.value === 'missing') return null;
  return (
    <div class="cart-bar">
      <div class="cart-bar-row">
        {profile.value === null ? <SignInButton /> : <CartButton />}
        {orders.value.length > 0 && <OrdersButton />}
      </div>
    </div>
  );
}

function SignInButton() {
  return (
    <button
      type="button"
      class="button button-primary button-large cart-button"
      onClick={() => openSheet({ kind: 'sign-in' })}
    >
      {say('signInTitle')}
    </button>
  );
}

function CartButton() {
  const first = useComputed(firstDeadline).value;
  const count = cartQuantity.value;
  const total = rupiah(cartTotal.value);
  if (first === null) {
    return (
      <button type="button" class="button button-large cart-button" onClick={openCart}>
        <Icon name="bag" />
        {buy('cartEmpty')}
      </button>
    );
  }
  return (
    <button
      type="button"
      class="button button-primary button-large cart-button cart-full"
      onClick={openCart}
    >
      <Icon name="bag" />
      <span class="cart-sum">
        <span class="small">
          <span class="visually-hidden">{buy('cart')}: </span>
          {buy('cartSummary', { count })}
        </span>
        <strong class="numeric">{total}</strong>
      </span>
      <Countdown until={first} />
    </button>
  );
}

function OrdersButton() {
  const count = unpaidOrders.value.length;
  return (
    <button
      type="button"
      class="button button-large orders-button"
      aria-label={count > 0 ? buy('openOrders', { count }) : buy('orders')}
      onClick={() => openSheet({ kind: 'orders' })}
    >
      <Icon name="receipt" />
      {count > 0 && <span class="orders-count numeric">{count}</span>}
    </button>
  );
}

function openCart(): void {
  openSheet({ kind: 'cart' });
}

function firstDeadline(): number | null {
  const held = bookings.value;
  return held.length === 0 ? null : Math.min(...held.map((booking) => booking.expiresAt));
}
