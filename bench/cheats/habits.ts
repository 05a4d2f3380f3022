import type { Booking } from '../../src/protocol/booking.js';
import type { Habits, Person } from './person.js';

/** Seconds, as a part of the evening's minutes. */
const SECOND = 1 / 60;
const LEAST = 5 * SECOND;

/** Wishes for a few items; sees, thinks, taps, waits in line if they must, and pays within some minutes. */
export function honest(person: Person, wishes: Set<string>): Habits {
  const { clock, random } = person.evening;
  return {
    async shown(itemId) {
      if (!wishes.has(itemId)) return;
      await clock.wait(random.whole(3, 20) * SECOND);
      const answer = await person.book(itemId, 1);
      const { code } = answer.ok ? { code: '' } : answer.error;
      if (code === 'SOLD_OUT' || code === 'INSUFFICIENT_STOCK') await person.wait(itemId, 1);
    },
    async got() {
      // One in twenty puts the phone away and forgets.
      if (random.chance(0.05)) return;
      await clock.wait(0.5 + random.next() * 3);
      await person.pay();
    },
  };
}

/** One account that takes all it can of everything, orders it by a transfer that never comes, and takes it again. */
export function hoarder(person: Person): Habits {
  const { clock } = person.evening;
  const again = async (itemId: string) => {
    await person.grab(itemId);
  };
  return {
    async shown(itemId) {
      await clock.wait(SECOND);
      await again(itemId);
    },
    async got({ expiresAt, createdAt }) {
      // Shortly before the hold lapses an unpaid order keeps the units for longer.
      await clock.wait(((expiresAt - createdAt) / clock.minuteMs) * 0.9);
      await person.order('bank_transfer');
    },
    lapsed: ({ itemId }) => again(itemId),
    rose: again,
  };
}

/** One of many accounts of one person: each takes its share at once, and one in four is paid for and sold on. */
export function farmGuest(person: Person, share: number): Habits {
  const { clock, random } = person.evening;
  return {
    async shown(itemId) {
      await clock.wait(SECOND + random.next() * 2 * SECOND);
      await person.grab(itemId, share);
    },
    async got() {
      if (!random.chance(0.25)) return;
      await clock.wait(2);
      await person.pay();
    },
    lapsed: async ({ itemId }) => {
      await person.grab(itemId, share);
    },
  };
}

/** Books of everything, waits in line for it if need be, and never pays. */
export function lapser(person: Person): Habits {
  const { clock, random } = person.evening;
  return {
    async shown(itemId) {
      await clock.wait(random.whole(2, 4) * SECOND);
      if ((await person.grab(itemId, 2)) === 0) await person.wait(itemId, 1);
    },
  };
}

/** Holds without paying for as long as there is: at the very end of each hold, its own or another's, it books anew. */
export function sniper(person: Person): Habits {
  const { clock } = person.evening;
  const most = 5;
  const again = async (itemId: string) => {
    await person.grab(itemId, most);
  };
  return {
    async shown(itemId) {
      await clock.wait(2 * SECOND);
      await again(itemId);
    },
    async got(booking: Booking) {
      const left = (booking.expiresAt - booking.createdAt) / clock.minuteMs;
      await clock.wait(left + LEAST / 5);
      await again(booking.itemId);
    },
    lapsed: ({ itemId }) => again(itemId),
    released: again,
  };
}

/** A program that takes whatever comes into stock in the same moment, and pays for all of it: it sells it dearer. */
export function restockBot(person: Person): Habits {
  const { clock } = person.evening;
  return {
    async rose(itemId) {
      await person.grab(itemId);
    },
    async got() {
      await clock.wait(1);
      await person.pay();
    },
  };
}
