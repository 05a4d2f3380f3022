import { computed, effect } from '@preact/signals';
import { announce } from '../shared/announce.js';
import { tick } from '../shared/clock.js';
import { common } from '../shared/messages.js';
import { bookings, checkout, unpaidOrders } from './me.js';
import { say } from './messages.js';
import { itemName } from './state.js';

const LAST_MS = 60_000;

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
      at: order.payment?.expiresAt ?? order.expiresAt,
      what: say('lastMinuteOrder'),
    })),
  ];
});

/** Tells a screen reader once when a countdown enters its last minute; the countdowns themselves are silent. */
export function startLastMinuteNotices(): void {
  const told = new Set<string>();
  effect(() => {
    if (deadlines.value.length === 0) return;
    const now = tick.value;
    for (const { id, at, what } of deadlines.value) {
      if (at - now > LAST_MS || at <= now || told.has(id)) continue;
      told.add(id);
      announce(common('lastMinute', { what }));
    }
  });
}
