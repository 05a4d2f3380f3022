import { setTimeout as delay } from 'node:timers/promises';
import type { Effort, Line } from '../report/lines.js';
import { bareStage, measure, productStage, samplesOf } from '../rig/stage.js';
import { ratios, spread } from '../rig/statistics.js';

const VIEWERS = 2_000;
/** Between two changes, ms: longer than the product's tick at this audience, so each change is one frame. */
const PAUSE_MS = 120;

/** (c) CPU a recipient of a frame, beside bare `io.to(room).emit` of the same frame. */
export async function measureFanOut(effort: Effort): Promise<Line[]> {
  const product = await productStage({ items: 1 });
  const bare = await bareStage(await samplesOf(product));
  const costs = { livehold: [] as number[], bare: [] as number[] };
  const viewers = Math.round(VIEWERS * effort.scale);
  // One booking is one change of stock, and the cost of it vanishes beside that of so many recipients.
  const changes = {
    livehold: () =>
      product.crowd
        .call('bookSteadily', 1_000 / PAUSE_MS, effort.roundMs)
        .then(() => delay(PAUSE_MS)),
    bare: async () => {
      const end = performance.now() + effort.roundMs;
      while (performance.now() < end) {
        await bare.server.call('emit');
        await delay(PAUSE_MS);
      }
    },
  };
  try {
    for (const { crowd } of [product, bare]) await crowd.call('join', viewers, 50);
    for (let round = -1; round < effort.rounds; round++) {
      for (const [name, stage] of [
        ['bare', bare],
        ['livehold', product],
      ] as const) {
        await stage.crowd.call('countFrames');
        const spent = await measure(stage, async () => {
          await changes[name]();
          return stage.crowd.call('countFrames');
        });
        // The first round warms up.
        if (round >= 0) costs[name].push(spent.serverMicros / spent.result);
      }
    }
  } finally {
    await product.close();
    await bare.close();
  }
  return [
    {
      key: 'c',
      what: `server CPU a recipient of a frame, ${viewers.toLocaleString('en')} viewers`,
      unit: 'µs',
      livehold: spread(costs.livehold),
      bare: spread(costs.bare),
      ratio: ratios(costs.livehold, costs.bare),
      goal: { of: 'ratio', at: 'most', value: 1.05 },
    },
  ];
}
