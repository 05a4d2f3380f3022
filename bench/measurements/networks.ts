import { setTimeout as delay } from 'node:timers/promises';
import type { Came, PhonesMethods, Side, Trip } from '../networks/main.js';
import { OUTAGES, type Outage } from '../networks/mobile-network.js';
import type { Effort, Line } from '../report/lines.js';
import { Child } from '../rig/child.js';
import { CLIENT_CORE, SERVER_CORE } from '../rig/cores.js';
import { PrivateRedis } from '../rig/redis.js';
import type { Common } from '../rig/serve.js';
import { productStage } from '../rig/stage.js';
import { quantiles, spread } from '../rig/statistics.js';
import type { EventsMethods } from '../subjects/events.js';

const PHONES = 1_000;
const ITEMS = ['a', 'b', 'c', 'd', 'e'];
const BAD_MS = 60_000;
const BAD_MS_AT_LEAST = 25_000;
/** After the last outage everyone has so long to become right, ms. */
const GRACE_MS = 10_000;
const PHONES_MODULE = new URL('../networks/main.js', import.meta.url);
const EVENTS_MODULE = new URL('../subjects/events.js', import.meta.url);

type PhonesChild = Child<PhonesMethods & Common>;

interface Result extends Came {
  phones: number;
  right: { stock: number; bookings: number; both: number };
}

/** What a server itself says of the stock, and of one viewer's bookings. */
interface Truth {
  stock(): Promise<{ itemId: string; available: number }[]>;
  cart(viewerId: string): Promise<string[]>;
}

/** Phones whose network fails several times a minute: who is right in the end, and how soon after each return. */
export async function measureNetworks(effort: Effort): Promise<Line[]> {
  const phones = Math.round(PHONES * effort.scale);
  const ms = Math.max(BAD_MS_AT_LEAST, BAD_MS * effort.scale);
  const livehold = await ofLivehold(phones, ms);
  const recovery = await ofEvents('recovery', phones, ms);
  const events = await ofEvents('events', phones, ms);
  const count = phones.toLocaleString('en');
  const share = (of: Result, what: 'both' | 'stock' | 'bookings') =>
    spread([(100 * of.right[what]) / of.phones]);
  const soon = (of: Result, at: 'p50' | 'p99', kind?: Outage) => {
    const some = of.rightAgain.filter(({ outage }) => kind === undefined || kind === outage);
    return spread([quantiles(some.map(({ ms }) => ms))[at]]);
  };
  const shares = (what: 'both' | 'stock' | 'bookings', label: string): Line => ({
    key: 'networks',
    what: label,
    unit: '%',
    livehold: share(livehold, what),
    bare: share(recovery, what),
    naive: share(events, what),
    ...(what === 'both' ? { goal: { of: 'livehold', at: 'least', value: 100 } as const } : {}),
  });
  const times = (at: 'p50' | 'p99', label: string, kind?: Outage): Line => ({
    key: 'networks',
    what: label,
    unit: 'ms',
    livehold: soon(livehold, at, kind),
    bare: soon(recovery, at, kind),
    naive: soon(events, at, kind),
    ...(at === 'p99' && kind === undefined
      ? { goal: { of: 'livehold', at: 'most', value: 1_000 } as const }
      : {}),
  });
  return [
    shares(
      'both',
      `${count} phones in a bad network (bare: connection state recovery; tutorial: plain events): right in the end`,
    ),
    shares('stock', 'of them the stock'),
    shares('bookings', 'of them their own bookings'),
    times('p50', 'from the return of the network until the stock is right, p50'),
    times('p99', 'the same, p99'),
    ...OUTAGES.map((kind) => times('p99', `p99 of those whose connection was ${kind}`, kind)),
    {
      key: 'networks',
      what: 'returns after which the next outage, or the end, came first',
      unit: '',
      livehold: spread([livehold.neverRight]),
      bare: spread([recovery.neverRight]),
      naive: spread([events.neverRight]),
    },
  ];
}

async function ofLivehold(phones: number, ms: number): Promise<Result> {
  const stage = await productStage({ items: ITEMS.length });
  const { shopId, liveId, itemIds, secret, url, host } = stage;
  const child = startPhones();
  const port = Number(new URL(url).port);
  try {
    return await travel(
      child,
      { side: 'livehold', port, shopId, liveId, itemIds, secret, phones, ms },
      {
        stock: () => Promise.all(itemIds.map((itemId) => host.item(itemId))),
        cart: (viewerId) => child.call('bookingsOf', viewerId),
      },
    );
  } finally {
    await child.stop();
    await stage.close();
  }
}

async function ofEvents(
  side: Exclude<Side, 'livehold'>,
  phones: number,
  ms: number,
): Promise<Result> {
  const redis = await PrivateRedis.start();
  const server = Child.start<EventsMethods & Common>(EVENTS_MODULE, {
    core: SERVER_CORE,
    env: {
      REDIS_URL: redis.url,
      ITEMS: ITEMS.join(','),
      RECOVERY: side === 'recovery' ? '1' : '0',
    },
  });
  const child = startPhones();
  try {
    const port = await server.call('ready');
    const trip: Trip = {
      side,
      port,
      shopId: '',
      liveId: '',
      itemIds: ITEMS,
      secret: '',
      phones,
      ms,
    };
    return await travel(child, trip, {
      stock: () => server.call('stock'),
      cart: (viewerId) => server.call('cart', viewerId),
    });
  } finally {
    await child.stop();
    await server.stop();
    await redis.stop();
  }
}

function startPhones(): PhonesChild {
  return Child.start<PhonesMethods & Common>(PHONES_MODULE, { core: CLIENT_CORE });
}

async function travel(child: PhonesChild, trip: Trip, truth: Truth): Promise<Result> {
  await child.call('start', trip);
  const came = await child.call('travel');
  await delay(GRACE_MS);
  const carts: Record<string, string[]> = {};
  for (const viewerId of await child.call('phones')) carts[viewerId] = await truth.cart(viewerId);
  const right = await child.call('right', await truth.stock(), carts);
  return { ...came, right, phones: trip.phones };
}
