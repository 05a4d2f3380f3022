import { setTimeout as delay } from 'node:timers/promises';
import type { Effort, Line } from '../report/lines.js';
import {
  bareStage,
  measure,
  type ProductStage,
  productStage,
  type Stage,
  samplesOf,
} from '../rig/stage.js';
import { ratios, spread } from '../rig/statistics.js';

const VIEWERS = 2_000;
/** Between two changes, ms: longer than the product's tick at this audience, so each change is one frame. */
export const PAUSE_MS = 160;
/** All of them change at once, so each frame has all of them. */
export const ITEMS = 10;

interface Costs {
  /** Server CPU a recipient, µs, of each round. */
  micros: number[];
  /** Bytes a recipient. */
  bytes: number[];
}

/** (c) CPU and bytes a recipient of a frame of ten items, plain and compressed, beside bare `io.to(room).emit` of such a frame. */
export async function measureFanOut(effort: Effort): Promise<Line[]> {
  const plain = await productStage({ items: ITEMS });
  const compressed = await productStage({ items: ITEMS, inflates: true });
  const bare = await bareStage({ ...(await samplesOf(plain)), stock: await frameOfAll(plain) });
  const viewers = Math.round(VIEWERS * effort.scale);
  /** Changes all over and over, until the round ends. */
  const again = (change: () => Promise<unknown>) => async () => {
    const end = performance.now() + effort.roundMs;
    while (performance.now() < end) {
      await change();
      await delay(PAUSE_MS);
    }
  };
  const bookings = (stage: ProductStage) => again(() => stage.crowd.call('bookOnce', ITEMS));
  const emits = again(() => bare.server.call('emit'));
  const sides = [
    { stage: bare, change: emits, costs: { micros: [], bytes: [] } as Costs },
    { stage: plain, change: bookings(plain), costs: { micros: [], bytes: [] } as Costs },
    { stage: compressed, change: bookings(compressed), costs: { micros: [], bytes: [] } as Costs },
  ] as const;
  try {
    for (const { stage } of sides) await stage.crowd.call('join', viewers, 50);
    for (let round = -1; round < effort.rounds; round++) {
      for (const { stage, change, costs } of sides) {
        const { micros, bytes } = await oneRound(stage, change);
        // The first round warms up.
        if (round < 0) continue;
        costs.micros.push(micros);
        costs.bytes.push(bytes);
      }
    }
  } finally {
    for (const { stage } of sides) await stage.close();
  }
  const [bareCosts, plainCosts, compressedCosts] = sides.map(({ costs }) => costs) as [
    Costs,
    Costs,
    Costs,
  ];
  return [
    cpuLine(`plain, ${viewers.toLocaleString('en')} viewers`, plainCosts, bareCosts, 0.7),
    cpuLine('compressed', compressedCosts, bareCosts, 0.75),
    {
      key: 'c',
      what: 'bytes a recipient of it, compressed',
      unit: 'B',
      livehold: spread(compressedCosts.bytes),
      bare: spread(bareCosts.bytes),
      ratio: ratios(compressedCosts.bytes, bareCosts.bytes),
      goal: { of: 'ratio', at: 'most', value: 0.35 },
    },
  ];
}

async function oneRound(
  stage: Pick<Stage<never>, 'name' | 'server' | 'crowd' | 'redis'>,
  change: () => Promise<unknown>,
): Promise<{ micros: number; bytes: number }> {
  const { crowd } = stage;
  await crowd.call('countFrames');
  const before = await crowd.call('bytesRead');
  const spent = await measure(stage, async () => {
    await change();
    return crowd.call('countFrames');
  });
  const bytes = (await crowd.call('bytesRead')) - before;
  return { micros: spent.serverMicros / spent.result, bytes: bytes / spent.result };
}

/** A frame in which every item changes, for another side to repeat. */
export async function frameOfAll(stage: ProductStage, inflates = false): Promise<unknown> {
  const { crowd, url, shopId, liveId, itemIds, secret } = stage;
  await crowd.call('use', { url, shopId, liveId, itemIds, secret, inflates });
  await crowd.call('join', 1, 1);
  const frame = crowd.call('frameOf', ITEMS);
  await crowd.call('bookOnce', ITEMS * 4);
  const found = await frame;
  await crowd.call('leave');
  return found;
}

function cpuLine(how: string, livehold: Costs, bare: Costs, goal: number): Line {
  return {
    key: 'c',
    what: `server CPU a recipient of a frame of ${ITEMS} items, ${how}`,
    unit: 'µs',
    livehold: spread(livehold.micros),
    bare: spread(bare.micros),
    ratio: ratios(livehold.micros, bare.micros),
    goal: { of: 'ratio', at: 'most', value: goal },
  };
}
