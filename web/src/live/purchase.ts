import { Api, newRequestId, type OrderWishes, settle } from '../../../src/client/index.js';
import type { Order, PaymentMethod } from '../../../src/protocol/order.js';
import type { CommandError } from '../shared/messages.js';
import { loadQrCode } from '../shared/QrCode.js';
import { toast } from '../shared/toast.js';
import {
  checkDraft,
  draft,
  dropDraft,
  edit,
  FIELDS,
  type Fields,
  filledIn,
  takeRefusal,
} from './cart/draft.js';
import { checkout, recipient as remembered } from './me.js';
import { cancelsItself } from './notices.js';
import { buy } from './purchaseMessages.js';
import { openSheet } from './sheets.js';
import { ask } from './state.js';

/** From cart to payment. Each step answers null when it went well, or why it did not. */
type Refusal = CommandError | null;

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

/** Places what the checkout has, as it was filled in. What is wrong with that is shown beside its field. */
export async function placeOrder(): Promise<Refusal> {
  const placed = checkout.peek();
  if (placed === null || !checkDraft()) return null;
  const { delivery, method, to } = draft.peek();
  const recipient = filledIn(
    delivery === 'ship' ? to : { ...NOTHING, name: to.name, phone: to.phone },
  );
  const note = draft.peek().note.trim();
  const wishes: OrderWishes = {
    ...(delivery === 'ship' ? {} : { delivery }),
    ...(recipient === undefined ? {} : { recipient }),
    ...(note === '' ? {} : { note }),
  };
  // Left out it would be the remembered one.
  if (recipient === undefined && remembered.peek() !== null) {
    await ask((viewer) => viewer.rememberRecipient(null));
  }
  const key = JSON.stringify([placed.checkoutId, method, wishes]);
  const requestId = placements.get(key) ?? newRequestId();
  placements.set(key, requestId);
  const outcome = await ask((viewer) =>
    viewer.placeOrder(placed.checkoutId, method, { ...wishes, requestId }),
  );
  if (!outcome.ok) return notPlaced(outcome.error);
  openPlaced(outcome.data.orderId);
  keepAddress(delivery, to);
  return null;
}

const NOTHING = Object.fromEntries(FIELDS.map((field) => [field, ''])) as Fields;

function openPlaced(orderId: string): void {
  dropDraft();
  openSheet({ kind: 'order', orderId });
}

function notPlaced(error: CommandError): Refusal {
  // The order stands, and its page asks for the payment again.
  const order = error.code === 'PAYMENT_UNAVAILABLE' && (error.details?.order as Order | undefined);
  if (order) {
    openPlaced(order.orderId);
    return null;
  }
  if (error.code === 'VALIDATION' && error.details?.delivery !== undefined) {
    edit({ delivery: 'ship' });
    toast(buy('pickupGone'), 'bad');
    return null;
  }
  return takeRefusal(error) ? null : error;
}

/** Whoever picks up this time has not moved. */
function keepAddress(delivery: string, to: Fields): void {
  const all = filledIn(to);
  if (delivery === 'pickup' && all?.address !== undefined) {
    void ask((viewer) => viewer.rememberRecipient(all));
  }
}

/** A new payment for an unpaid order, or the other way of paying. */
export async function payOrder({ orderId }: Order, paymentMethod: PaymentMethod): Promise<Refusal> {
  const outcome = await ask((viewer) => viewer.payOrder(orderId, paymentMethod));
  return outcome.ok ? null : outcome.error;
}

/** "I have transferred": for the seller to see. */
export async function claimTransfer({ orderId }: Order): Promise<Refusal> {
  const outcome = await ask((viewer) => viewer.claimTransfer(orderId));
  return outcome.ok ? null : outcome.error;
}

export async function cancelOrder({ orderId }: Order): Promise<Refusal> {
  const failed = cancelsItself(orderId);
  const outcome = await ask((viewer) => viewer.cancelOrder(orderId));
  if (outcome.ok) return null;
  failed();
  return outcome.error;
}

/** Plays the customer's bank app; only the sandbox gateway has such a door. The page receives the event as for any payment. */
export async function payInSandbox(paymentId: string): Promise<Refusal> {
  const path = `/sandbox/qris/${encodeURIComponent(paymentId)}/pay`;
  const outcome = await settle(new Api().request('POST', path));
  return outcome.ok ? null : outcome.error;
}
