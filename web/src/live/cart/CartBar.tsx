import { useComputed } from '@preact/signals';
import type { Order } from '../../../../src/protocol/order.js';
import { Countdown } from '../../shared/Countdown.js';
import { rupiah } from '../../shared/format.js';
import { Icon } from '../../shared/Icon.js';
import { defineMessages } from '../../shared/i18n.js';
import {
  bookings,
  cartQuantity,
  cartTotal,
  checkout,
  orders,
  payBy,
  profile,
  unpaidOrders,
} from '../me.js';
import { say } from '../messages.js';
import { openSheet } from '../sheets.js';
import { arrival } from '../state.js';

/** The words of the bar under the thumb: it is there before the sheets are loaded. */
const bar = defineMessages({
  id: {
    cart: 'Keranjang',
    cartSummary: '{count} barang',
    cartEmpty: 'Keranjang masih kosong',
    resumeCheckout: 'Lanjutkan checkout',
    pay: 'Bayar {order}',
    orders: 'Pesanan',
    openOrders: 'Pesanan: {count} menunggu pembayaran',
  },
  en: {
    cart: 'Cart',
    cartSummary: '{count} {count|item|items}',
    cartEmpty: 'Your cart is empty',
    resumeCheckout: 'Back to checkout',
    pay: 'Pay for {order}',
    orders: 'Orders',
    openOrders: 'Orders: {count} awaiting payment',
  },
});

/** Always under the thumb: what runs out next, and the way to what ends it. */
export function CartBar() {
  if (arrival.value === 'missing') return null;
  return (
    <div class="cart-bar">
      <div class="cart-bar-row">
        {profile.value === null ? <SignInButton /> : <NextStep />}
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

/** The cart; once it is empty, the order that has to be paid first. */
function NextStep() {
  const order = useComputed(nextToPay).value;
  if (bookings.value.length > 0) return <CartButton />;
  if (order !== undefined) return <PayButton order={order} />;
  return (
    <button
      type="button"
      class="button button-large cart-button"
      onClick={() => openSheet({ kind: 'cart' })}
    >
      <Icon name="bag" />
      {bar('cartEmpty')}
    </button>
  );
}

function CartButton() {
  const until = useComputed(firstDeadline).value;
  const running = checkout.value !== null;
  return (
    <button
      type="button"
      class="button button-primary button-large cart-button cart-full"
      onClick={() => openSheet({ kind: running ? 'checkout' : 'cart' })}
    >
      <Icon name="bag" />
      <span class="cart-sum">
        <span class="small">
          <span class="visually-hidden">{bar('cart')}: </span>
          {bar('cartSummary', { count: cartQuantity.value })}
          {running && ` · ${bar('resumeCheckout')}`}
        </span>
        <strong class="numeric">{rupiah(cartTotal.value)}</strong>
      </span>
      <Countdown until={until} />
    </button>
  );
}

function PayButton({ order }: { order: Order }) {
  return (
    <button
      type="button"
      class="button button-primary button-large cart-button cart-full"
      onClick={() => openSheet({ kind: 'order', orderId: order.orderId })}
    >
      <Icon name="receipt" />
      <span class="cart-sum">
        <span class="small">{bar('pay', { order: order.code })}</span>
        <strong class="numeric">{rupiah(order.payment?.amount ?? order.total)}</strong>
      </span>
      <Countdown until={payBy(order)} />
    </button>
  );
}

function OrdersButton() {
  const count = unpaidOrders.value.length;
  const order = useComputed(nextToPay).value;
  const isBehindCart = order !== undefined && bookings.value.length > 0;
  return (
    <button
      type="button"
      class="button button-large orders-button"
      aria-label={count > 0 ? bar('openOrders', { count }) : bar('orders')}
      onClick={() => openSheet({ kind: 'orders' })}
    >
      <Icon name="receipt" />
      {count > 0 && <span class="orders-count numeric">{count}</span>}
      {isBehindCart && <Countdown until={payBy(order)} />}
    </button>
  );
}

function nextToPay(): Order | undefined {
  return [...unpaidOrders.value].sort((a, b) => payBy(a) - payBy(b))[0];
}

function firstDeadline(): number {
  const held = bookings.value.map((booking) => booking.expiresAt);
  return Math.min(...held, checkout.value?.expiresAt ?? Number.POSITIVE_INFINITY);
}
