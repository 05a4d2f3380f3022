import { computed, effect } from '@preact/signals';
import type { Booking } from '../../../src/protocol/booking.js';
import type { Order } from '../../../src/protocol/order.js';
import type { ReputationChange } from '../../../src/protocol/viewer.js';
import { announce } from '../shared/announce.js';
import { ticking } from '../shared/clock.js';
import { common } from '../shared/messages.js';
import { toast } from '../shared/toast.js';
import { bookings, checkout, coolDownAfter, payBy, unpaidOrders } from './me.js';
import { say } from './messages.js';
import { sheet } from './sheets.js';
import { itemName } from './state.js';

/** What news is worth saying, and in which words. Nothing here changes what is known. */

/** Cancels that this page asked for: their outcome is shown where they were tapped. */
const ownCancels = new Set<string>();

/** `id` is a booking's or an order's. Call the answer if the cancel did not happen. */
export function cancelsItself(id: string): () => void {
  ownCancels.add(id);
  return () => ownCancels.delete(id);
}

export function showBooking(booking: Booking, before: Booking | undefined): void {
  if (before === undefined) return;
  const name = itemName(booking.itemId);
  if (booking.status === 'expired') {
    coolDownAfter(booking, 'lapse');
    toast(say('bookingExpired', { name }), 'bad');
  }
  if (booking.status === 'cancelled' && !ownCancels.has(booking.bookingId)) {
    toast(say('bookingCancelledByHost', { name }), 'bad');
  }
}

export function showCheckoutExpired(): void {
  toast(say('checkoutExpired'), 'bad');
}

/** Its sheet says so already, also to screen readers; a message would lie over it. */
function isShown(orderId: string): boolean {
  const open = sheet.peek();
  return open?.kind === 'order' && open.orderId === orderId;
}

export function showOrder(order: Order, before: Order | undefined): void {
  if (before === undefined) return;
  if (order.status === 'paid' && before.fulfilment !== order.fulfilment) showFulfilment(order);
  if (before.status === order.status) return;
  switch (order.status) {
    case 'paid':
      vibrate([80, 40, 80]);
      if (!isShown(order.orderId)) toast(say('orderPaid'), 'good');
      return;
    case 'expired':
      toast(say('orderExpired'), 'bad');
      return;
    case 'needs_refund':
      toast(say('orderNeedsRefund'), 'bad', { shownMs: 12_000 });
      return;
    case 'refunded':
      toast(say('orderRefunded'), 'info', { shownMs: 12_000 });
      return;
    case 'cancelled':
      if (!ownCancels.has(order.orderId)) toast(say('orderCancelled'), 'info');
      return;
    case 'awaiting_payment':
      return;
  }
}

function showFulfilment({ orderId, code, delivery, fulfilment }: Order): void {
  if (fulfilment === 'none') return;
  const isPickup = delivery === 'pickup' && fulfilment !== 'shipped';
  const step = say(isPickup ? `pickup_${fulfilment}` : `fulfilment_${fulfilment}`);
  const text = say('orderMoved', { code, step });
  if (isShown(orderId)) announce(text);
  else toast(text, 'good', { shownMs: 12_000 });
}

/** A fall is shown; a rise comes with a payment, which has its own message, and is only spoken. */
export function showReputation({ delta, reputation, reason }: ReputationChange): void {
  if (delta === 0) return;
  const shown = signed(delta);
  if (delta > 0) announce(say('reputationRose', { delta: shown, reputation }));
  else toast(say('reputationFell', { delta: shown, reputation, reason: say(reason) }), 'info');
}

export function signed(delta: number): string {
  if (delta === 0) return '0';
  return delta > 0 ? `+${delta}` : `−${-delta}`;
}

/** A short buzz where the phone can. Browsers refuse it before the first tap; nothing depends on it. */
export function vibrate(pattern: number | number[]): void {
  if ('vibrate' in navigator) navigator.vibrate(pattern);
}

/** What runs out, in words, by its id. */
interface Deadline {
  id: string;
  at: number;
  what: string;
}

const deadlines = computed<Deadline[]>(() => {
  const running = checkout.value;
  return [
    ...bookings.value.map((booking) => ({
      id: booking.bookingId,
      at: booking.expiresAt,
      what: say('lastMinuteBooking', { name: itemName(booking.itemId) }),
    })),
    ...(running === null
      ? []
      : [{ id: running.checkoutId, at: running.expiresAt, what: say('lastMinuteCheckout') }]),
    ...unpaidOrders.value.map((order) => ({
      id: order.orderId,
      at: payBy(order),
      what: say('lastMinuteOrder'),
    })),
  ];
});

/** What happens when so much is left, ms; the countdowns turn red by themselves. */
const MARKS: readonly { left: number; also?: true; run: (what: string) => void }[] = [
  { left: 120_000, run: () => vibrate([120, 80, 120]) },
  // Also of what began with less than that: a reader must not miss it.
  { left: 60_000, also: true, run: (what) => announce(common('lastMinute', { what })) },
  { left: 30_000, run: () => vibrate([200, 80, 200, 80, 200]) },
];

/** Buzzes, and tells a screen reader, once for each deadline; the countdowns themselves are silent. */
export function startLastMinuteNotices(): void {
  const known = new Set<string>();
  const passed = new Set<string>();
  effect(() => {
    if (deadlines.value.length === 0) return;
    const now = ticking();
    for (const { id, at, what } of deadlines.value) {
      for (const { left, also, run } of MARKS) {
        if (at - now > left || at <= now || passed.has(`${id} ${left}`)) continue;
        passed.add(`${id} ${left}`);
        if (also || known.has(id)) run(what);
      }
      known.add(id);
    }
  });
}
