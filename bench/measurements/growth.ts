import { setTimeout as delay } from 'node:timers/promises';
import { signOwnToken } from '../../src/transports/own-token.js';
import { Connection } from '../client/connection.js';
import { HostApi } from '../client/host-api.js';
import type { Effort, Line, Point } from '../report/lines.js';
import { cloneShop } from '../rig/clone-shop.js';
import { measure, type ProductStage, productStage } from '../rig/stage.js';
import { ratios } from '../rig/statistics.js';

const BOOKERS = 500;
const IN_FLIGHT = 64;
/** Bookings whose cost is taken at each point. */
const SAMPLE_MS = 600;
/** Of which the best counts: whatever disturbs only ever adds. */
const SAMPLES = 5;
const WARM_UP_MS = 4_000;
const IDLE_MS = 2_000;
/** How long the bookings of a sample are held, s: they are gone again before the next point. */
const SHORT_HOLD_SECONDS = 4;
/** What must not grow may still differ by this much from point to point. */
const NOISE = 1.25;

const SMALL_SHOP = 'small';

type Grow = (stage: ProductStage, from: number, to: number) => Promise<void>;

interface Dimension {
  name: string;
  points: number[];
  grow: Grow;
  /** Whether the cost of a booking must stay the same. */
  flat: boolean;
}

const DIMENSIONS: Dimension[] = [
  { name: 'shops with holds', points: [10, 100, 1_000, 10_000], grow: growShops, flat: true },
  { name: 'bookings held', points: [100, 1_000, 10_000, 100_000], grow: growHeld, flat: false },
  {
    name: 'bookings finished',
    points: [50, 500, 5_000, 50_000],
    grow: growFinished,
    flat: true,
  },
  { name: 'viewers in the live', points: [8, 80, 800, 8_000], grow: growViewers, flat: false },
];
const ITEMS = [1, 5, 50, 500];

/** (h) What a booking costs as one thing at a time grows; and what the server and Redis do when nobody books. */
export async function measureGrowth(effort: Effort): Promise<{ lines: Line[]; points: Point[] }> {
  const points: Point[] = [];
  const lines: Line[] = [];
  for (const dimension of DIMENSIONS) {
    console.error(`    ${dimension.name}`);
    const followed = await follow(dimension, effort);
    points.push(...followed.points);
    lines.push(...followed.lines);
  }
  for (const items of ITEMS) {
    const stage = await productStage({ items, connectOnly: true });
    try {
      await prepare(stage);
      points.push(await pointOf(stage, 'items in the live', items));
    } finally {
      await stage.close();
    }
  }
  return { lines, points };
}

async function follow(
  dimension: Dimension,
  effort: Effort,
): Promise<{ points: Point[]; lines: Line[] }> {
  const points: Point[] = [];
  const stage = await productStage({ connectOnly: true });
  try {
    await prepare(stage);
    let from = 0;
    for (const at of dimension.points) {
      // The last decade takes longest.
      if (effort.scale < 1 && at === dimension.points.at(-1)) continue;
      await dimension.grow(stage, from, at);
      points.push(await pointOf(stage, dimension.name, at));
      from = at;
    }
    const lines = dimension.flat ? [await flatness(dimension, stage, from)] : [];
    return { points, lines };
  } finally {
    await stage.close();
  }
}

/** The grown one beside one that has just begun, in turns: minutes lie between the points, and the machine's speed changes. */
async function flatness({ name, points, grow }: Dimension, grown: ProductStage, at: number) {
  const [first = 0] = points;
  const small = await productStage({ connectOnly: true });
  try {
    await prepare(small);
    await grow(small, 0, first);
    const costs = { small: [] as number[], grown: [] as number[] };
    for (let i = 0; i < SAMPLES; i++) {
      costs.small.push((await sample(small)).redis);
      costs.grown.push((await sample(grown)).redis);
    }
    const line: Line = {
      key: 'h',
      what: `Redis CPU a booking, ${at.toLocaleString('en')} ${name} ÷ ${first}`,
      unit: '',
      livehold: ratios(costs.grown, costs.small),
      goal: { of: 'livehold', at: 'most', value: NOISE },
    };
    return line;
  } finally {
    await small.close();
  }
}

/** Bookers connect and the code gets warm; what they booked meanwhile is gone again before anything is measured. */
async function prepare(stage: ProductStage): Promise<void> {
  await stage.crowd.call('join', BOOKERS, 50);
  await shortHolds(stage, () => stage.crowd.call('bookForAWhile', IN_FLIGHT, WARM_UP_MS));
}

async function pointOf(stage: ProductStage, dimension: string, at: number): Promise<Point> {
  await delay(300);
  const idle = await measure(stage, () => delay(IDLE_MS));
  const redis: number[] = [];
  const server: number[] = [];
  await shortHolds(stage, async () => {
    for (let i = 0; i < SAMPLES; i++) {
      const cost = await sample(stage);
      redis.push(cost.redis);
      server.push(cost.server);
    }
  });
  return {
    dimension,
    at,
    redisMicros: Math.min(...redis),
    serverMicros: Math.min(...server),
    idleRedisPercent: (100 * (idle.redis?.threadMicros ?? 0)) / 1_000 / idle.ms,
    idleServerPercent: (100 * idle.serverMicros) / 1_000 / idle.ms,
  };
}

/** What a booking costs Redis and the server, µs. */
async function sample(stage: ProductStage): Promise<{ redis: number; server: number }> {
  const { result, redis, serverMicros } = await measure(stage, () =>
    stage.crowd.call('bookForAWhile', IN_FLIGHT, SAMPLE_MS),
  );
  return {
    redis: (redis?.threadMicros ?? 0) / result.accepted,
    server: serverMicros / result.accepted,
  };
}

/** Books with a timeout that ends soon after, so that a point leaves the number of held bookings as it was. */
async function shortHolds<Result>(
  stage: ProductStage,
  work: () => Promise<Result>,
): Promise<Result> {
  await stage.host.patchSettings({ booking: { bookingTimeoutMinutes: SHORT_HOLD_SECONDS / 60 } });
  const result = await work();
  await stage.host.patchSettings({ booking: { bookingTimeoutMinutes: 60 } });
  await nothingDue(stage, (SHORT_HOLD_SECONDS + 0.5) * 1_000);
  return result;
}

/** Waits until the holds of a few seconds are over and released. */
async function nothingDue(stage: ProductStage, ms: number): Promise<void> {
  const before = (await stage.host.item(stage.itemIds[0] ?? '')).booked;
  await delay(ms);
  for (let last = before, i = 0; i < 60; i++) {
    const { booked } = await stage.host.item(stage.itemIds[0] ?? '');
    if (booked === last) return;
    last = booked;
    await delay(500);
  }
}

/** Copies of a small shop with a live that is on and one hold, so that each has a deadline to watch. */
async function growShops(stage: ProductStage, from: number, to: number): Promise<void> {
  if (from === 0) await openSmallShop(stage);
  await cloneShop(stage.redis.client, SMALL_SHOP, from, to);
}

async function openSmallShop({ url, secret }: ProductStage): Promise<void> {
  const tokenOf = (id: string, role: 'host' | 'viewer') =>
    signOwnToken({ secret }, { id, shopId: SMALL_SHOP, role }, '1h');
  const host = new HostApi(url, tokenOf('host', 'host'));
  await host.patchSettings({ booking: { bookingTimeoutMinutes: 60 } });
  const { itemId } = await host.createItem('A1', 100);
  const { liveId } = await host.startLive('Small', [itemId]);
  const viewer = await Connection.open({ url, token: tokenOf('viewer', 'viewer') });
  const request = { liveId, itemId, quantity: 1, requestId: 'one' };
  const answer = await viewer.request('booking:create', request);
  viewer.destroy();
  if (!answer.ok) throw new Error(answer.error.code);
}

async function growHeld(stage: ProductStage, from: number, to: number): Promise<void> {
  await bookMany(stage, to - from);
}

async function growFinished(stage: ProductStage, from: number, to: number): Promise<void> {
  await shortHolds(stage, () => bookMany(stage, to - from));
}

async function growViewers(stage: ProductStage, from: number, to: number): Promise<void> {
  await stage.crowd.call('joinLive', to - from);
}

async function bookMany(stage: ProductStage, count: number): Promise<void> {
  const portion = 1_000;
  for (let left = count; left > 0; left -= portion)
    await stage.crowd.call('bookOnce', Math.min(left, portion));
}
