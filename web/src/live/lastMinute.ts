import { computed, effect } from '@preact/signals';
import { announce } from '../shared/announce.js';
import { tick } from '../shared/clock.js';
import { common } from '../shared/messages.js';
import { bookings, checkout, payBy, unpaidOrders } from './me.js';
import { say } from './messages.js';
import { vibrate } from './notices.js';
import { itemName } from './state.js';

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
    const now = tick.value;
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
