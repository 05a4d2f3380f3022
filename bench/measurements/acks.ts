import type { Booked } from '../crowd/booking.js';
import type { Effort, Line } from '../report/lines.js';
import { bareStage, measure, naiveStage, productStage, samplesOf } from '../rig/stage.js';
import { ratios, spread } from '../rig/statistics.js';

const VIEWERS = 2_000;
/** Commands in flight, spread over all viewers. */
const IN_FLIGHT = 256;
/** A flash sale's first seconds are the ones that matter, ms; they also warm up. */
const FIRST_MS = 4_000;

/** (a) Bookings acknowledged a second, and what one costs the server, beside bare acks of the same size. */
export async function measureAcks(effort: Effort): Promise<Line[]> {
  const sampled = await productStage();
  const samples = await samplesOf(sampled).finally(() => sampled.close());
  const product = await productStage({ connectOnly: true });
  const bare = await bareStage(samples, true);
  const naive = await naiveStage(true);
  const stages = [bare, product, naive];
  const rates: Record<string, number[]> = { bare: [], Livehold: [], naive: [] };
  const costs: Record<string, number[]> = { bare: [], Livehold: [], naive: [] };
  const p99s: Record<string, number[]> = { bare: [], Livehold: [], naive: [] };
  const first: Record<string, number[]> = { bare: [], Livehold: [], naive: [] };
  try {
    for (const { name, crowd } of stages) {
      await crowd.call('join', VIEWERS, 50);
      const { accepted, ms } = await crowd.call('bookForAWhile', IN_FLIGHT, FIRST_MS);
      first[name]?.push((accepted * 1_000) / ms);
    }
    for (let round = 0; round < effort.rounds; round++) {
      for (const { name, crowd, server, redis } of stages) {
        const spent = await measure<Booked>({ name, server, redis }, () =>
          crowd.call('bookForAWhile', IN_FLIGHT, effort.roundMs),
        );
        const { accepted, ms, p99 } = spent.result;
        rates[name]?.push((accepted * 1_000) / ms);
        costs[name]?.push(spent.serverMicros / accepted);
        p99s[name]?.push(p99);
      }
    }
  } finally {
    for (const stage of stages) await stage.close();
  }
  const by = (of: Record<string, number[]>) => ({
    livehold: spread(of.Livehold ?? []),
    bare: spread(of.bare ?? []),
    naive: spread(of.naive ?? []),
  });
  const beside = (of: Record<string, number[]>, better: 'low' | 'high') => ({
    ...by(of),
    ratio: ratios(of.Livehold ?? [], of.bare ?? [], better),
  });
  return [
    {
      key: 'a',
      what: 'bookings acknowledged a second',
      unit: '/s',
      ...beside(rates, 'high'),
      goal: { of: 'ratio', at: 'least', value: 0.7 },
    },
    {
      key: 'a',
      what: `the same, the first ${FIRST_MS / 1_000} s of a server`,
      unit: '/s',
      ...beside(first, 'high'),
      goal: { of: 'ratio', at: 'least', value: 0.6 },
    },
    {
      key: 'a',
      what: 'server CPU a booking',
      unit: 'µs',
      ...beside(costs, 'low'),
      goal: { of: 'ratio', at: 'most', value: 1.4 },
    },
    // A few moments decide about it, and they are the machine's: no ratio.
    { key: 'a', what: `latency p99 with ${IN_FLIGHT} in flight`, unit: 'ms', ...by(p99s) },
  ];
}
