import { describe, expect, it } from 'vitest';
import { PROMISES } from '../../bench/history/findings.js';
import type { Booking } from '../../src/protocol/booking.js';
import type { Tamper } from './hand-made-clients.js';
import { HandMadeShop, UNITS } from './hand-made-shop.js';

type Day = (tamper?: Tamper) => HandMadeShop;

/** Everything that can happen to a viewer, one after the other, on two devices and before one who only watches. */
function day(tamper?: Tamper): HandMadeShop {
  const shop = new HandMadeShop(tamper);
  const phone = shop.device('ani');
  const tablet = shop.device('ani');
  const bo = shop.device('bo');
  shop.device();
  shop.clients.history.begin();

  const whole = shop.book(phone, 2);
  const parts = shop.book(tablet, 3);
  shop.cancel(phone, parts, 1);
  shop.lapse(whole);
  shop.cancel(phone, parts, 2);
  shop.lapse(shop.book(bo));
  shop.restore(whole);

  shop.book(bo, 2);
  shop.lapseCheckout(bo, shop.checkout(bo));
  shop.endOrder(shop.order(bo, shop.checkout(bo)), 'paid');
  shop.endOrder(shop.order(tablet, shop.checkout(phone)), 'expired');
  shop.book(phone);
  return shop;
}

/** When units that come free go to those who wait. */
function dayInLine(tamper?: Tamper): HandMadeShop {
  const shop = new HandMadeShop(tamper);
  const phone = shop.device('ani');
  shop.device('ani');
  const bo = shop.device('bo');
  shop.clients.history.begin();
  const all = shop.book(bo, UNITS);
  const [first] = [shop.wait(phone), shop.wait(bo)];
  shop.lapse(all);
  shop.serve(first);
  return shop;
}

interface Notification {
  device: string;
  name: string;
  payload: string;
}

function notificationsOf(run: Day): Notification[] {
  const all: Notification[] = [];
  run(({ viewerId, index }, name, payload) => {
    all.push({ device: `${viewerId} ${index}`, name, payload: JSON.stringify(payload) });
    return 'told';
  });
  return all;
}

/** The day with something done to the n-th notification. */
function dayWith(run: Day, n: number, fate: 'lost' | 'twice'): HandMadeShop {
  let count = 0;
  return run(() => (count++ === n ? fate : 'told'));
}

describe.each([
  { name: 'of all that can happen', run: day, unseen: [] },
  // How many of the units that come free go to the line, and not to the public, clients cannot tell.
  { name: 'with a line', run: dayInLine, unseen: ['stock:released'] },
])('the history of a day $name', ({ run, unseen }) => {
  it('in which every event was delivered keeps every promise', () => {
    for (const check of run().verdict()) expect(check).toMatchObject({ kept: true, first: [] });
  });

  it('in which any one notification was lost breaks a promise', () => {
    const all = notificationsOf(run);
    // Stock is absolute: only the last of it must come.
    const superseded = all.filter(
      ({ name, device }, n) =>
        name === 'stock:changed' &&
        all.slice(n + 1).some((later) => later.name === name && later.device === device),
    );
    for (const [n, notification] of all.entries()) {
      const broken = dayWith(run, n, 'lost').broken();
      if (superseded.includes(notification) || unseen.includes(notification.name))
        expect(broken).toEqual([]);
      else expect(broken, JSON.stringify(notification)).not.toEqual([]);
    }
  });

  it('in which any one event was delivered twice breaks a promise', () => {
    for (const [n, notification] of notificationsOf(run).entries()) {
      const broken = dayWith(run, n, 'twice').broken();
      if (['stock:changed', ...unseen].includes(notification.name)) expect(broken).toEqual([]);
      else expect(broken, JSON.stringify(notification)).not.toEqual([]);
    }
  });
});

describe('a history', () => {
  it('tests every promise but that of repeats when all happens that can', () => {
    const untested = day()
      .verdict()
      .filter((check) => check.untested);
    expect(untested.map(({ promise }) => promise)).toEqual([PROMISES.requests]);
  });

  const lostTo = (who: string, name: string): Tamper => {
    return ({ viewerId }, told) => (viewerId === who && told === name ? 'lost' : 'told');
  };

  it('distinguishes a lapse that reached nobody from one that only one device missed', () => {
    const nobody = new HandMadeShop(lostTo('ani', 'booking:updated'));
    nobody.lapse(nobody.book(nobody.device('ani')));
    const told = nobody.verdict().find(({ promise }) => promise === PROMISES.told);
    expect(told).toMatchObject({ kept: false, detail: '1 checked, 1 booking expired' });
    expect(told?.first).toEqual(['booking expired: bk_1 of ani, device 0']);

    const one = new HandMadeShop(({ index }) => (index === 1 ? 'lost' : 'told'));
    const phone = one.device('ani');
    one.device('ani');
    one.lapse(one.book(phone));
    expect(one.broken()).toContain(PROMISES.told);
  });

  it('knows that units came free although no event was delivered', () => {
    const shop = new HandMadeShop((_, name) => (name.startsWith('stock:') ? 'told' : 'lost'));
    const ani = shop.device('ani');
    shop.clients.history.begin();
    shop.lapse(shop.book(ani));
    expect(shop.broken()).not.toContain(PROMISES.released);
    const silent = new HandMadeShop((_, name) => (name === 'stock:changed' ? 'told' : 'lost'));
    const bo = silent.device('bo');
    silent.clients.history.begin();
    silent.lapse(silent.book(bo));
    expect(silent.broken()).toContain(PROMISES.released);
  });

  it('counts units that were cancelled or lapsed, it knows not which, when no answer came before the connection ended', () => {
    const end = (how: (shop: HandMadeShop, booking: Booking) => void, tamper?: Tamper) => {
      const shop = new HandMadeShop(tamper);
      const phone = shop.device('ani');
      shop.device();
      shop.clients.history.begin();
      const booking = shop.book(phone, 2);
      shop.clients.send(phone, 'booking:cancel', { bookingId: booking.bookingId });
      shop.clients.drop(phone);
      how(shop, booking);
      shop.clients.pass(booking.expiresAt);
      return shop.broken();
    };
    expect(end((shop, booking) => shop.cancelByHost(booking))).toEqual([]);
    expect(end((shop, booking) => shop.lapse(booking))).toEqual([]);
    const none: Tamper = (_, name) => (name === 'stock:released' ? 'lost' : 'told');
    expect(end((shop, booking) => shop.lapse(booking), none)).toEqual([PROMISES.released]);
    const twice: Tamper = (_, name) => (name === 'stock:released' ? 'twice' : 'told');
    expect(end((shop, booking) => shop.lapse(booking), twice)).toEqual([PROMISES.released]);
  });

  it('requires that the socket that made a booking gets no event about it', () => {
    const shop = new HandMadeShop();
    const ani = shop.device('ani');
    const booking = shop.book(ani);
    expect(shop.broken()).toEqual([]);
    shop.clients.hear(ani, 'booking:updated', { booking });
    expect(shop.broken()).toEqual([PROMISES.once]);
  });

  it('does not hold against a server what a lost connection missed, nor what came before one began', () => {
    const shop = new HandMadeShop();
    const phone = shop.device('ani');
    shop.clients.history.begin();
    const booking = shop.book(phone, 2);
    shop.clients.drop(phone);
    shop.cancel(shop.device('ani'), booking, 1);
    shop.device('ani');
    shop.lapse(booking);
    shop.device('ani');
    expect(shop.broken()).toEqual([]);
  });

  it('requires that a later device receives the end of what its snapshot showed', () => {
    const shop = new HandMadeShop(({ index }, name) =>
      index === 1 && name === 'booking:updated' ? 'lost' : 'told',
    );
    const booking = shop.book(shop.device('ani'));
    shop.device('ani');
    shop.lapse(booking);
    expect(shop.broken()).toContain(PROMISES.told);
  });

  it('sees two devices that receive the same in another order', () => {
    const shop = new HandMadeShop(({ index }) => (index === 1 ? 'lost' : 'told'));
    const [phone, tablet] = [shop.device('ani'), shop.device('ani')];
    const [a, b] = [shop.book(phone), shop.book(phone)];
    const tell = (booking: object) => shop.clients.hear(tablet, 'booking:updated', { booking });
    tell(a);
    tell(b);
    shop.lapse(a);
    shop.lapse(b);
    tell({ ...b, status: 'expired' });
    tell({ ...a, status: 'expired' });
    expect(shop.broken()).toContain(PROMISES.order);
  });

  it('sees a booking end twice, and a release before its deadline', () => {
    const shop = new HandMadeShop();
    const ani = shop.device('ani');
    const booking = shop.book(ani);
    const tell = (status: string) =>
      shop.clients.hear(ani, 'booking:updated', { booking: { ...booking, status } });
    tell('expired');
    expect(shop.broken()).toContain(PROMISES.early);
    tell('cancelled');
    expect(shop.broken()).toContain(PROMISES.once);
  });

  it('sees a place given twice, a gap, and a place that is too low for its time', () => {
    for (const [places, promises] of [
      [
        [1, 2, 2],
        [PROMISES.places, PROMISES.realTime],
      ],
      [[1, 2, 4], [PROMISES.places]],
      [[1, 3, 2], [PROMISES.realTime]],
    ] as const) {
      const shop = new HandMadeShop();
      const ani = shop.device('ani');
      for (const sequence of places) shop.book(ani, 1, { sequence });
      expect(shop.broken()).toEqual(promises);
    }
  });

  it('sees a revision that goes back between one answer and the next command', () => {
    const shop = new HandMadeShop();
    const ani = shop.device('ani');
    shop.book(ani);
    shop.stock.revision -= 5;
    shop.book(ani);
    expect(shop.broken()).toContain(PROMISES.realTime);
  });

  it('sees more units held at once than there were', () => {
    const shop = new HandMadeShop();
    const [ani, bo] = [shop.device('ani'), shop.device('bo')];
    shop.book(ani, UNITS - 1);
    shop.stock.available = 5;
    shop.book(bo, 2);
    expect(shop.broken()).toEqual([PROMISES.oversold, PROMISES.conserved]);
    const again = new HandMadeShop();
    const cici = again.device('cici');
    again.lapse(again.book(cici, UNITS));
    again.book(cici, UNITS);
    expect(again.broken()).toEqual([]);
  });

  it('does not take units to be held again when a device receives late an order that has ended since', () => {
    let frozen = true;
    const shop = new HandMadeShop(({ index }) => (frozen && index === 1 ? 'late' : 'told'));
    const [phone, , bo] = [shop.device('ani'), shop.device('ani'), shop.device('bo')];
    shop.book(phone, UNITS);
    const order = shop.order(phone, shop.checkout(phone));
    shop.endOrder(order, 'cancelled', phone);
    const booking = shop.book(bo, UNITS);
    shop.clients.pass(order.expiresAt);
    shop.clients.catchUp();
    frozen = false;
    shop.lapse(booking);
    expect(shop.broken()).toEqual([]);
  });

  it('does not know when the host cancelled what a device receives late', () => {
    let frozen = true;
    const shop = new HandMadeShop(({ viewerId }) =>
      frozen && viewerId === 'ani' ? 'late' : 'told',
    );
    const [ani, bo] = [shop.device('ani'), shop.device('bo')];
    const first = shop.book(ani, UNITS);
    shop.cancelByHost(first);
    const booking = shop.book(bo, UNITS);
    shop.clients.pass(first.expiresAt);
    shop.clients.catchUp();
    frozen = false;
    shop.lapse(booking);
    expect(shop.broken()).toEqual([]);
  });

  it('counts of an order the units that were not given back before', () => {
    const shop = new HandMadeShop();
    const [ani, bo] = [shop.device('ani'), shop.device('bo')];
    const booking = shop.book(ani, 2);
    shop.cancel(ani, booking, 1);
    const order = shop.order(ani, shop.checkout(ani));
    shop.lapse(shop.book(bo, UNITS - 1));
    shop.endOrder(order, 'expired');
    expect(shop.broken()).toEqual([]);
  });

  it('sees a unit made of nothing', () => {
    const shop = new HandMadeShop();
    shop.device();
    shop.stock.available++;
    shop.stock.revision++;
    shop.tellStock();
    expect(shop.broken()).toEqual([PROMISES.conserved]);
  });

  it('sees a request that had a second effect', () => {
    const shop = new HandMadeShop();
    const [phone, tablet] = [shop.device('ani'), shop.device('ani')];
    const booking = shop.book(phone);
    shop.repeat(tablet, 'r0', booking);
    expect(shop.broken()).toEqual([]);
    shop.repeat(tablet, 'r0', { ...booking, bookingId: 'bk_other', sequence: 2 });
    expect(shop.broken()).toEqual([PROMISES.requests]);
  });

  it('sees a command without an answer', () => {
    const shop = new HandMadeShop();
    const ani = shop.device('ani');
    shop.clients.send(ani, 'me:get', {});
    expect(shop.broken()).toEqual([PROMISES.answered]);
  });
});
