import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ServerClock } from '../../src/client/clock.js';
import { LiveState } from '../../src/client/live-state.js';
import { laterBooking, MeState } from '../../src/client/me.js';
import type { Booking } from '../../src/protocol/booking.js';
import type { ItemView } from '../../src/protocol/item.js';
import type { Live } from '../../src/protocol/live.js';
import type { Me } from '../../src/protocol/viewer.js';

const LIVE: Live = {
  liveId: 'l1',
  title: 'Live',
  status: 'live',
  pinnedItemId: null,
  itemIds: ['i1'],
};

/** The item as it was at a revision: every field tells which. */
function itemAt(revision: number): ItemView {
  const stock = { available: 100 - revision, booked: revision, allocated: 0, sold: 0 };
  return {
    itemId: 'i1',
    sku: 's',
    code: 'A1',
    name: `v${revision}`,
    price: revision,
    open: true,
    ...stock,
    revision,
    waiting: 0,
    head: 1,
  };
}

function stockAt(revision: number) {
  const { itemId, available, booked, allocated, sold, waiting, head } = itemAt(revision);
  return { itemId, available, booked, allocated, sold, revision, waiting, head };
}

function joined(revision: number): LiveState {
  const state = new LiveState();
  state.expectSnapshot();
  state.applySnapshot(LIVE, [itemAt(revision)]);
  return state;
}

type News = { revision: number; kind: 'stock' | 'item' | 'release' };

function tell(state: LiveState, { revision, kind }: News): void {
  if (kind === 'stock') state.applyStock([stockAt(revision)]);
  else if (kind === 'item') state.applyItem(itemAt(revision));
  else {
    const { available } = stockAt(revision);
    const release = {
      itemId: 'i1',
      quantity: 1,
      reason: 'restocked',
      available,
      revision,
    } as const;
    state.applyReleases([release]);
  }
}

describe('the items of a live', () => {
  it('are the newest that arrived, in whatever order', () => {
    const news = fc.record({
      revision: fc.integer({ min: 1, max: 20 }),
      kind: fc.constantFrom('stock', 'item', 'release'),
    });
    fc.assert(
      fc.property(fc.array(news, { maxLength: 30 }), (all) => {
        const state = joined(5);
        let before = 5;
        for (const one of all) {
          tell(state, one);
          const { revision } = state.item('i1') ?? itemAt(0);
          expect(revision).toBeGreaterThanOrEqual(before);
          before = revision;
        }
        const heard = (...kinds: string[]) =>
          Math.max(5, ...all.filter(({ kind }) => kinds.includes(kind)).map((one) => one.revision));
        const item = state.item('i1');
        expect(item?.name).toBe(`v${heard('item')}`);
        expect(item?.available).toBe(stockAt(heard('item', 'stock', 'release')).available);
        // A release names one bucket alone; the others come with a stock change of the same revision.
        const whole = heard('item', 'stock');
        if (whole >= heard('release')) expect(item?.booked).toBe(stockAt(whole).booked);
      }),
    );
  });

  it('come from the snapshot and the events since it was requested', () => {
    const state = joined(5);
    state.expectSnapshot();
    state.applyStock([stockAt(9)]);
    state.applySnapshot({ ...LIVE, title: 'Later' }, [itemAt(7)]);
    expect(state.item('i1')).toEqual({ ...itemAt(7), ...stockAt(9) });
    expect(state.live?.title).toBe('Later');
  });

  it('follow a snapshot also to lower revisions, as after a restored backup', () => {
    const state = joined(50);
    state.expectSnapshot();
    state.applyStock([stockAt(4)]);
    expect(state.item('i1')?.revision).toBe(50);
    state.applySnapshot(LIVE, [itemAt(3)]);
    expect(state.item('i1')).toEqual({ ...itemAt(3), ...stockAt(4) });
  });

  it('say when one is lacking', () => {
    const state = joined(5);
    expect(state.lacksItems).toBe(false);
    state.applyLive({ ...LIVE, itemIds: ['i1', 'i2'] });
    expect(state.lacksItems).toBe(true);
    state.applyItem({ ...itemAt(1), itemId: 'i2' });
    expect(state.lacksItems).toBe(false);
  });
});

const HELD: Booking = {
  bookingId: 'b1',
  liveId: 'l1',
  itemId: 'i1',
  viewerId: 'ani',
  quantity: 3,
  unitPrice: 100,
  status: 'held',
  sequence: 1,
  createdAt: 1_000,
  expiresAt: 2_000,
  source: 'viewer',
};
const ME: Me = {
  viewerId: 'ani',
  name: 'Ani',
  reputation: 100,
  status: 'active',
  bookings: [],
  checkout: null,
  orders: [],
  hasOlderOrders: false,
  waitlist: [],
  recipient: null,
  rights: { mayBook: true, maxBookings: 200, bookingTimeoutMinutes: 15 },
};

describe('what is mine', () => {
  /** A booking's life: a part goes back, it ends, and the host restores it. */
  const LIFE: Booking[] = [
    HELD,
    { ...HELD, quantity: 2 },
    { ...HELD, quantity: 2, status: 'cancelled' },
    { ...HELD, quantity: 2, expiresAt: 3_000 },
    { ...HELD, quantity: 1, expiresAt: 3_000 },
    { ...HELD, quantity: 1, expiresAt: 3_000, status: 'expired' },
  ];

  it('is the latest state of a booking, in whatever order answers and events come', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(LIFE, { minLength: 1 }), (heard) => {
        const state = new MeState();
        state.replace(ME);
        for (const booking of heard) state.applyBooking(booking);
        const latest = LIFE.findLast((booking) => heard.includes(booking));
        expect(state.me?.bookings).toEqual(latest?.status === 'held' ? [latest] : []);
      }),
    );
  });

  it('keeps the object when there is no news', () => {
    const state = new MeState();
    state.replace(ME);
    state.applyBooking(HELD);
    const { me } = state;
    state.applyBooking({ ...HELD });
    expect(state.me).toBe(me);
    expect(laterBooking(HELD, { ...HELD })).toBe(HELD);
  });
});

describe('the server’s clock', () => {
  it('is taken from the sample of the shortest round trip', () => {
    const clock = new ServerClock();
    expect(clock.isKnown).toBe(false);
    const now = Date.now();
    clock.sample(now + 59_500 + 300, now - 1_000, now);
    clock.sample(now + 60_000 - 5, now - 10, now);
    clock.sample(now + 59_500 + 400, now - 1_000, now);
    expect(clock.now() - Date.now()).toBeGreaterThan(59_900);
    expect(clock.now() - Date.now()).toBeLessThanOrEqual(60_001);
    expect(clock.uncertaintyMs).toBe(5);
  });

  it('follows a sample that contradicts: a clock was set', () => {
    const clock = new ServerClock();
    const now = Date.now();
    clock.sample(now + 60_000, now - 10, now);
    clock.sample(now - 3_600_000, now - 400, now);
    expect(clock.now() - Date.now()).toBeLessThan(-3_590_000);
  });
});
