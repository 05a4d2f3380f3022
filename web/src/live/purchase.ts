import { Api, newRequestId, settle } from '../../../src/client/index.js';
import type { Booking } from '../../../src/protocol/booking.js';
import type { Order, PaymentMethod } from '../../../src/protocol/order.js';
import type { CommandError } from '../shared/errorText.js';
import { loadQrCode } from '../shared/QrCode.js';
import { checkout } from './me.js';
import { cancelsItself } from './notices.js';
import { openSheet } from './sheets.js';
import { ask } from './state.js';

/** From cart to payment. Each step answers null when it went well, or why it did not. */
type Refusal = CommandError | null;

export async function cancelBooking(booking: Booking, quantity: number): Promise<Refusal> {
  const { bookingId } = booking;
  const part = quantity < booking.quantity ? quantity : undefined;
  const failed = cancelsItself(bookingId);
  const outcome = await ask((viewer) => viewer.cancelBooking(bookingId, part));
  if (!outcome.ok || outcome.data.status === 'held') failed();
  return outcome.ok ? null : outcome.error;
}

export async function startCheckout(): Promise<Refusal> {
  const outcome = await ask((viewer) => viewer.startCheckout());
  if (!outcome.ok) return outcome.error;
  void loadQrCode();
  openSheet({ kind: 'checkout' });
  return null;
}

/** The viewer goes back to the cart at once; the server's word on it changes nothing for them. */
export async function leaveCheckout(): Promise<void> {
  const left = checkout.peek();
  openSheet({ kind: 'cart' });
  if (left !== null) await ask((viewer) => viewer.leaveCheckout(left.checkoutId));
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
  const outcome = await ask((viewer) =>
    viewer.placeOrder(checkoutId, paymentMethod, { requestId }),
  );
  if (!outcome.ok) return outcome.error;
  openSheet({ kind: 'order', orderId: outcome.data.orderId });
  return null;
}

/** A new payment for an unpaid order, or the other way of paying. */
export async function payOrder({ orderId }: Order, paymentMethod: PaymentMethod): Promise<Refusal> {
  const outcome = await ask((viewer) => viewer.payOrder(orderId, paymentMethod));
  return outcome.ok ? null : outcome.error;
}

export async function cancelOrder({ orderId }: Order): Promise<Refusal> {
  const failed = cancelsItself(orderId);
  const outcome = await ask((viewer) => viewer.cancelOrder(orderId));
  if (outcome.ok) return null;
  failed();
  return outcome.error;
}

/** Plays the customer's bank app; only the sandbox gateway has such a door. The page hears of it as of any payment. */
export async function payInSandbox(paymentId: string): Promise<Refusal> {
  const path = `/sandbox/qris/${encodeURIComponent(paymentId)}/pay`;
  const outcome = await settle(new Api().request('POST', path));
  return outcome.ok ? null : outcome.error;
}
