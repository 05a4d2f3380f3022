import { useComputed } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { Order } from '../../../../src/protocol/order.js';
import { Countdown, ticking } from '../../shared/clock.js';
import { rupiah } from '../../shared/format.js';
import { Icon } from '../../shared/Icon.js';
import { defineMessages } from '../../shared/i18n.js';
import { errorText } from '../../shared/messages.js';
import {
  bookings,
  cartQuantity,
  cartTotal,
  checkout,
  orders,
  payBy,
  profile,
  rights,
  unpaidOrders,
} from '../me.js';
import { say } from '../messages.js';
import { isReturning } from '../session.js';
import { openSheet } from '../sheets.js';
import { arrival } from '../state.js';

/** The words of the bar under the thumb: it is there before the sheets are loaded. */
const bar = defineMessages({
  id: {
    cart: 'Keranjang',
    cartSummary: '{count} pcs',
    cartEmpty: 'Keranjang masih kosong',
    cartBehind: 'Keranjang: {count} pcs',
    resumeCheckout: 'Lanjutkan checkout',
    pay: 'Bayar {order}',
    orders: 'Pesanan',
    openOrders: 'Pesanan: {count} menunggu pembayaran',
  },
  en: {
    cart: 'Cart',
    cartSummary: '{count} {count|unit|units}',
    cartEmpty: 'Your cart is empty',
    cartBehind: 'Cart: {count} {count|unit|units}',
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
        {isReturning.value ? (
          <span class="cart-button" />
        ) : profile.value === null ? (
          <SignInButton />
        ) : (
          <NextStep />
        )}
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

/** The cart or an order, whichever runs out first; the other stands beside it. */
function NextStep() {
  const order = useComputed(nextToPay).value;
  const until = useComputed(firstDeadline).value;
  const inCart = bookings.value.length > 0;
  if (order !== undefined && (!inCart || payBy(order) < until)) {
    return (
      <>
        <PayButton order={order} />
        {inCart ? <CartBeside until={until} /> : <OrdersBeside />}
      </>
    );
  }
  return (
    <>
      {inCart ? <CartButton until={until} /> : <NothingToDo />}
      {orders.value.length > 0 && <OrdersBeside />}
    </>
  );
}

/** Nothing runs out. Who may not book sees it here, with the way to the reason. */
function NothingToDo() {
  const may = rights.value;
  const barred = may !== null && !may.mayBook;
  return (
    <button
      type="button"
      class={`button button-large cart-button${barred ? ' cart-barred' : ''}`}
      onClick={() => openSheet({ kind: barred ? 'account' : 'cart' })}
    >
      <Icon name={barred ? 'info' : 'bag'} />
      <span>
        {barred ? errorText({ code: may.reason ?? 'FORBIDDEN', message: '' }) : bar('cartEmpty')}
      </span>
    </button>
  );
}

/** Red in the last two minutes. */
const URGENT_MS = 120_000;

function DeadlineButton(props: {
  until: number;
  onClick: () => void;
  children: ComponentChildren;
}) {
  const { until } = props;
  const isUrgent = useComputed(() => until - ticking() < URGENT_MS).value;
  return (
    <button
      type="button"
      class={`button button-primary button-large cart-button cart-full${isUrgent ? ' cart-urgent' : ''}`}
      onClick={props.onClick}
    >
      {props.children}
      <Countdown until={until} />
    </button>
  );
}

function CartButton({ until }: { until: number }) {
  const running = checkout.value !== null;
  return (
    <DeadlineButton
      until={until}
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
    </DeadlineButton>
  );
}

function PayButton({ order }: { order: Order }) {
  return (
    <DeadlineButton
      until={payBy(order)}
      onClick={() => openSheet({ kind: 'order', orderId: order.orderId })}
    >
      <span class="cart-sum">
        <span class="small">{bar('pay', { order: order.code })}</span>
        <strong class="numeric">{rupiah(order.payment?.amount ?? order.total)}</strong>
      </span>
    </DeadlineButton>
  );
}

function CartBeside({ until }: { until: number }) {
  return (
    <button
      type="button"
      class="button button-large orders-button"
      aria-label={bar('cartBehind', { count: cartQuantity.value })}
      onClick={() => openSheet({ kind: 'cart' })}
    >
      <Icon name="bag" />
      <span class="orders-count numeric">{cartQuantity}</span>
      <Countdown until={until} />
    </button>
  );
}

function OrdersBeside() {
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
