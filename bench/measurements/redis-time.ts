import type { Effort, Line } from '../report/lines.js';
import { Child } from '../rig/child.js';
import { SERVER_CORE } from '../rig/cores.js';
import { PrivateRedis } from '../rig/redis.js';
import type { Common } from '../rig/serve.js';
import { measure, naiveStage, productStage } from '../rig/stage.js';
import { ratios, spread } from '../rig/statistics.js';
import type { PlainScriptMethods } from '../subjects/plain-script.js';

const VIEWERS = 2_000;
const IN_FLIGHT = 256;

/** (b) Redis's time a booking, beside a plain script with the same writes called once a booking. */
export async function measureRedisTime(effort: Effort): Promise<Line[]> {
  const product = await productStage({ connectOnly: true });
  const naive = await naiveStage(true);
  const plainRedis = await PrivateRedis.start();
  const plain = Child.start<PlainScriptMethods & Common>(
    new URL('../subjects/plain-script.js', import.meta.url),
    { core: SERVER_CORE, env: { REDIS_URL: plainRedis.url } },
  );
  const booking = { livehold: [] as number[], bare: [] as number[], naive: [] as number[] };
  const batches: number[] = [];
  const commands = { livehold: [] as number[], bare: [] as number[] };
  try {
    for (const { crowd } of [product, naive]) {
      await crowd.call('join', VIEWERS, 50);
      await crowd.call('bookForAWhile', IN_FLIGHT, effort.warmUpMs);
    }
    await plain.call('book', IN_FLIGHT, effort.warmUpMs);
    for (let round = 0; round < effort.rounds; round++) {
      const ours = await measure(product, () =>
        product.crowd.call('bookForAWhile', IN_FLIGHT, effort.roundMs),
      );
      booking.livehold.push((ours.redis?.threadMicros ?? 0) / ours.result.accepted);
      commands.livehold.push((ours.redis?.commandMicros ?? 0) / ours.result.accepted);
      batches.push(ours.result.accepted / (ours.redis?.commands.evalsha?.calls ?? 0));
      const theirs = await measure({ name: 'plain', server: plain, redis: plainRedis }, () =>
        plain.call('book', IN_FLIGHT, effort.roundMs),
      );
      booking.bare.push((theirs.redis?.threadMicros ?? 0) / theirs.result);
      commands.bare.push((theirs.redis?.commandMicros ?? 0) / theirs.result);
      const tutorial = await measure(naive, () =>
        naive.crowd.call('bookForAWhile', IN_FLIGHT, effort.roundMs),
      );
      booking.naive.push((tutorial.redis?.threadMicros ?? 0) / tutorial.result.accepted);
    }
  } finally {
    await product.close();
    await naive.close();
    await plain.stop();
    await plainRedis.stop();
  }
  return [
    {
      key: 'b',
      what: 'Redis CPU a booking (main thread, all of it)',
      unit: 'µs',
      livehold: spread(booking.livehold),
      bare: spread(booking.bare),
      naive: spread(booking.naive),
      ratio: ratios(booking.livehold, booking.bare),
      goal: { of: 'livehold', at: 'most', value: 18 },
    },
    {
      key: 'b',
      what: 'of it inside commands (`INFO commandstats`)',
      unit: 'µs',
      livehold: spread(commands.livehold),
      bare: spread(commands.bare),
    },
    { key: 'b', what: 'bookings in one script call', unit: '', livehold: spread(batches) },
  ];
}
