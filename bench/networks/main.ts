/** Phones in a bad network, and the network, in a process of their own. */
import { setTimeout as delay } from 'node:timers/promises';
import { signOwnToken } from '../../src/transports/own-token.js';
import { Connection } from '../client/connection.js';
import { serve } from '../rig/serve.js';
import { MobileNetwork, OUTAGES, type Outage } from './mobile-network.js';
import { EventsPhone, LiveholdPhone, type Phone, type Place } from './phone.js';

export type Side = 'livehold' | 'events' | 'recovery';

export interface Trip {
  side: Side;
  port: number;
  shopId: string;
  liveId: string;
  itemIds: string[];
  secret: string;
  phones: number;
  /** How long the network is bad, ms. */
  ms: number;
}

export interface Came {
  /** From each return to when the phone's stock was no older than what it was then, ms. */
  rightAgain: { outage: Outage; ms: number }[];
  /** Returns after which the next outage, or the end, came first. */
  neverRight: number;
  outages: number;
}

/** Between outages and during one, ms: some three a minute. */
const UP_MS = [8_000, 16_000] as const;
const DOWN_MS = [2_000, 10_000] as const;
/** A phone books so often, ms. */
const BOOKS_MS = [6_000, 14_000] as const;
const LOOK_EVERY_MS = 10;
const LOADS_WITHIN_MS = 60_000;

const between = ([least, most]: readonly [number, number]) =>
  least + Math.random() * (most - least);
const pick = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)] as T;

let trip: Trip;
let phones: Phone[] = [];
let network: MobileNetwork;
/** Somebody with a good network: item → available. */
const truth = new Map<string, number>();
/** Phones that have come back and are not right yet. */
const behind = new Map<Phone, { outage: Outage; since: number; target: Map<string, number> }>();
let came: Came = { rightAgain: [], neverRight: 0, outages: 0 };

function tokenOf(id: string): string {
  const { secret, shopId } = trip;
  return signOwnToken({ secret }, { id, shopId, role: 'viewer' }, '1h');
}

async function watchTruth(): Promise<void> {
  const take = (items: { itemId: string; available: number }[]) => {
    for (const { itemId, available } of items) truth.set(itemId, available);
  };
  const { port, shopId, liveId } = trip;
  const url = `http://127.0.0.1:${port}`;
  const watcher = await Connection.open(
    { url },
    {
      event: (name, payload) => {
        if (name !== 'stock:changed') return;
        // Connection state recovery puts a second argument behind the event's own.
        const [{ items }] = JSON.parse(`[${payload}]`) as [{ items: [] }];
        take(items);
      },
    },
  );
  const answer = await watcher.request<{ items: [] }>('live:join', { shopId, liveId });
  if (answer.ok) take(answer.data.items);
}

/** Whether the phone shows nothing older than `target`; nobody gives anything back, so stock only falls. */
function isRight(phone: Phone, target: Map<string, number>): boolean {
  for (const [itemId, available] of target)
    if ((phone.available(itemId) ?? Number.POSITIVE_INFINITY) > available) return false;
  return true;
}

function look(): void {
  for (const [phone, { outage, since, target }] of behind) {
    if (!isRight(phone, target)) continue;
    came.rightAgain.push({ outage, ms: performance.now() - since });
    behind.delete(phone);
  }
}

/** The line of one phone, from outage to outage. */
async function spoil(phone: Phone, n: number, end: number): Promise<void> {
  const line = network.lineOf(n);
  await delay(Math.random() * UP_MS[1]);
  while (performance.now() < end) {
    if (behind.delete(phone)) came.neverRight++;
    const outage = pick(OUTAGES);
    line.fail(outage);
    came.outages++;
    await delay(between(DOWN_MS));
    line.restore();
    behind.set(phone, { outage, since: performance.now(), target: new Map(truth) });
    await delay(between(UP_MS));
  }
}

async function shop(phone: Phone, end: number): Promise<void> {
  await delay(Math.random() * BOOKS_MS[1]);
  while (performance.now() < end) {
    phone.book(pick(trip.itemIds));
    await delay(between(BOOKS_MS));
  }
}

const methods = {
  /** Loads the page on every phone, in a good network. */
  async start(given: Trip): Promise<void> {
    trip = given;
    network = new MobileNetwork(trip.port);
    await network.listen();
    await watchTruth();
    const { side, shopId, liveId } = trip;
    for (let n = 0; n < trip.phones; n++) {
      const place: Place = { url: network.urlOf(n), shopId, liveId };
      const id = `phone-${n}`;
      phones.push(
        side === 'livehold'
          ? new LiveholdPhone(place, id, tokenOf(id))
          : new EventsPhone(place, id, side === 'recovery'),
      );
      if (n % 20 === 19) await delay(50);
    }
    const giveUp = performance.now() + LOADS_WITHIN_MS;
    const loaded = (phone: Phone) => trip.itemIds.every((id) => phone.available(id) !== undefined);
    while (!phones.every(loaded)) {
      if (performance.now() > giveUp) throw new Error('some phones did not load the page');
      await delay(100);
    }
  },
  async travel(): Promise<Came> {
    came = { rightAgain: [], neverRight: 0, outages: 0 };
    const end = performance.now() + trip.ms;
    const timer = setInterval(look, LOOK_EVERY_MS);
    await Promise.all([
      ...phones.map((phone, n) => spoil(phone, n, end)),
      ...phones.map((phone) => shop(phone, end)),
    ]);
    clearInterval(timer);
    came.neverRight += behind.size;
    return came;
  },
  /** What Livehold itself says of the viewer, over a good network. */
  async bookingsOf(viewerId: string): Promise<string[]> {
    const url = `http://127.0.0.1:${trip.port}`;
    const connection = await Connection.open({ url, token: tokenOf(viewerId) });
    const answer = await connection.request<{ bookings: { bookingId: string }[] }>('me:get', {});
    connection.destroy();
    return answer.ok ? answer.data.bookings.map(({ bookingId }) => bookingId) : ['?'];
  },
  phones: () => phones.map(({ viewerId }) => viewerId),
  /** How many phones show this stock, and these bookings of their own. */
  right(
    stock: { itemId: string; available: number }[],
    carts: Record<string, string[]>,
  ): { stock: number; bookings: number; both: number } {
    const sorted = (ids: string[]) => ids.toSorted().join();
    const counts = { stock: 0, bookings: 0, both: 0 };
    for (const phone of phones) {
      const sees = stock.every(({ itemId, available }) => phone.available(itemId) === available);
      const knows = sorted(phone.bookings()) === sorted(carts[phone.viewerId] ?? []);
      if (sees) counts.stock++;
      if (knows) counts.bookings++;
      if (sees && knows) counts.both++;
    }
    return counts;
  },
  leave(): void {
    for (const phone of phones) phone.close();
    phones = [];
  },
};
export type PhonesMethods = typeof methods;
serve(methods, () => methods.leave());
