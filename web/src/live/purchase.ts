import type { Booking } from '../../../src/protocol/booking.js';
import type { Order, PaymentMethod } from '../../../src/protocol/order.js';
import { fetchJson } from '../shared/api.js';
import type { CommandError } from '../shared/errorText.js';
import { newRequestId } from '../shared/socket.js';
import { ask } from './ask.js';
import { applyBooking, applyOrder, checkout, endCheckout, reputation } from './me.js';
import { cancelsItself } from './notices.js';
import { openSheet } from './sheets.js';

/** From cart to payment. Each step answers null when it went well, or why it did not. */
type Refusal = CommandError | null;

export async function cancelBooking(booking: Booking, quantity: number): Promise<Refusal> {
  const part = quantity < booking.quantity ? { quantity } : {};
  const failed = cancelsItself(booking.bookingId);
  const outcome = await ask('booking:cancel', {
    bookingId: booking.bookingId,
    ...part,
  });
  if (!outcome.ok || outcome.data.booking.status === 'held') failed();
  if (!outcome.ok) return outcome.error;
  applyBooking(outcome.data.booking);
  reputation.value = outcome.data.reputation;
  return null;
}

export async function startCheckout(): Promise<Refusal> {
  const outcome = await ask('checkout:start', {});
  if (!outcome.ok) return outcome.error;
  checkout.value = outcome.data.checkout;
  openSheet({ kind: 'checkout' });
  return null;
}

/** The viewer goes back to the cart at once; the server's word on it changes nothing for them. */
export async function leaveCheckout(): Promise<void> {
  const left = checkout.peek();
  openSheet({ kind: 'cart' });
  if (left === null) return;
  endCheckout(left.checkoutId);
  await ask('checkout:leave', { checkoutId: left.checkoutId });
}

/** The ids of placements, so that a second tap after a lost answer is the same placement. */
const placements = new Map<string, string>();

export async function placeOrder(paymentMethod: PaymentMethod): Promise<Refusal> {
  const placed = checkout.peek();
  if (placed === null) return null;
  const { checkoutId } = placed;
  const key = `${checkoutId} ${paymentMethod}`;
  const requestId = placements.get(key) ?? newRequestId();
  placements.set(key, requestId);
  const outcome = await ask(
    'order:place',
    { checkoutId, paymentMethod, requestId },
    { timeoutMs: 15_000 },
  );
  if (!outcome.ok) return outcome.error;
  applyOrder(outcome.data.order);
  endCheckout(checkoutId);
  openSheet({ kind: 'order', orderId: outcome.data.order.orderId });
  return null;
}

/** A new payment for an unpaid order, or the other way of paying. */
export async function payOrder(order: Order, paymentMethod: PaymentMethod): Promise<Refusal> {
  const outcome = await ask(
    'order:pay',
    { orderId: order.orderId, paymentMethod },
    { timeoutMs: 15_000 },
  );
  if (!outcome.ok) return outcome.error;
  applyOrder(outcome.data.order);
  return null;
}

export async function cancelOrder(order: Order): Promise<Refusal> {
  const failed = cancelsItself(order.orderId);
  const outcome = await ask('order:cancel', { orderId: order.orderId });
  if (!outcome.ok) {
    failed();
    return outcome.error;
  }
  applyOrder(outcome.data.order);
  reputation.value = outcome.data.reputation;
  return null;
}

/** Plays the customer's bank app; only the sandbox gateway has such a door. The page hears of it as of any payment. */
export async function payInSandbox(paymentId: string): Promise<Refusal> {
  const outcome = await fetchJson(`/sandbox/qris/${encodeURIComponent(paymentId)}/pay`, {
    method: 'POST',
  });
  return outcome.ok ? null : outcome.error;
}
