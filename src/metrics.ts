import {
  Counter,
  type CounterConfiguration,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  Registry,
} from 'prom-client';

export type Metrics = ReturnType<typeof createMetrics>;

/** The server's Prometheus metrics, on a registry of their own so that several servers fit in one process. */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    countBooking: counted({
      name: 'livehold_bookings_total',
      help: 'Booking commands by outcome: accepted, or the code of the refusal',
      labelNames: ['outcome'],
      registers,
    }),
    countCommand: counted({
      name: 'livehold_commands_total',
      help: 'Socket commands by event and outcome',
      labelNames: ['event', 'outcome'],
      registers,
    }),
    releases: new Counter({
      name: 'livehold_releases_total',
      help: 'Units that went back to the public, by reason, as this server saw them on the event stream',
      labelNames: ['reason'] as const,
      registers,
    }),
    releaseLateness: new Histogram({
      name: 'livehold_release_lateness_seconds',
      help: 'How long after its deadline a booking, checkout or order was ended by this server',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 300],
      registers,
    }),
    sockets: new Gauge({
      name: 'livehold_sockets',
      help: 'Connected sockets by namespace',
      labelNames: ['namespace'] as const,
      registers,
    }),
    observeScript: timed(
      new Histogram({
        name: 'livehold_script_seconds',
        help: 'Time from the call of a Redis script to its answer, by script',
        labelNames: ['script'] as const,
        buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 3],
        registers,
      }),
    ),
    payments: new Counter({
      name: 'livehold_payment_notices_total',
      help: 'Words that money moved, by what became of them; needs_refund wants a person to look',
      labelNames: ['outcome', 'reason'] as const,
      registers,
    }),
    orders: new Counter({
      name: 'livehold_orders_total',
      help: 'Orders by the status they came to, as this server saw them on the event stream',
      labelNames: ['status'] as const,
      registers,
    }),
  };
}

/**
 * A counter that is asked for the same few label values thousands of times a second: prom-client hashes labels and makes
 * objects at every `inc`, so it is told the sums when it is scraped. Values must come from a closed set.
 */
function counted<Label extends string>(
  options: CounterConfiguration<Label>,
): (...values: string[]) => void {
  const sums = new Map<string, { values: string[]; sum: number }>();
  new Counter({
    ...options,
    collect() {
      for (const one of sums.values()) {
        this.labels(...one.values).inc(one.sum);
        one.sum = 0;
      }
    },
  });
  return (...values) => {
    const key = values.join(' ');
    const known = sums.get(key);
    if (known) known.sum++;
    else sums.set(key, { values, sum: 1 });
  };
}

/** A histogram by script: the child of each is looked up once. */
function timed(histogram: Histogram<'script'>): (script: string, seconds: number) => void {
  const children = new Map<string, Histogram.Internal<'script'>>();
  return (script, seconds) => {
    let child = children.get(script);
    if (!child) {
      child = histogram.labels(script);
      children.set(script, child);
    }
    child.observe(seconds);
  };
}
