import {
  Counter,
  type CounterConfiguration,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  Registry,
} from 'prom-client';
import { ERRORS } from './protocol/errors.js';
import { ReleaseReasonSchema } from './protocol/item.js';
import { OrderStatusSchema } from './protocol/order.js';

/** What becomes of a payment notice, by reason; see the protocol reference. */
const NOTICE_OUTCOMES = {
  paid: ['in_time', 'late_but_in_stock'],
  needs_refund: ['late_and_gone', 'paid_twice', 'wrong_amount'],
  refunded: ['gateway_refunded', 'chargeback'],
  ignored: ['already_settled', 'no_such_payment', 'unknown_payment'],
  unclear: ['gateway_unclear', 'returned_before'],
};

/** Orders by the status they came to, units released by reason. */
interface Counted {
  orders?: Record<string, number> | undefined;
  released?: Record<string, number> | undefined;
}

export type Metrics = ReturnType<typeof createMetrics>;

/**
 * The server's Prometheus metrics, on a registry of their own so that several servers fit in one process. What was done
 * is counted by the server that did it, so sums over all servers are true. A series whose labels are known from the start
 * begins at 0, so that `increase()` sees the first.
 */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    countBooking: counted(
      {
        name: 'livehold_bookings_total',
        help: 'Booking commands by outcome: accepted, or the code of the refusal',
        labelNames: ['outcome'],
        registers,
      },
      ['accepted', ...Object.keys(ERRORS)],
    ),
    countCommand: counted({
      name: 'livehold_commands_total',
      help: 'Socket commands by event and outcome',
      labelNames: ['event', 'outcome'],
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
    payments: paymentNotices(registers),
    ofArchive: archiveMetrics(registers),
    ofStore: storeMetrics(registers),
  };
}

function paymentNotices(registers: Registry[]): Counter<'outcome' | 'reason'> {
  const counter = new Counter({
    name: 'livehold_payment_notices_total',
    help: 'Words that money moved, by what became of them; needs_refund wants a person to look',
    labelNames: ['outcome', 'reason'] as const,
    registers,
  });
  for (const [outcome, reasons] of Object.entries(NOTICE_OUTCOMES)) {
    for (const reason of reasons) counter.inc({ outcome, reason }, 0);
  }
  return counter;
}

/** How far the archive has come, as this server sees it. */
function archiveMetrics(registers: Registry[]) {
  const behind = new Gauge({
    name: 'livehold_archive_behind_seconds',
    help: 'Age of the oldest event that the archive lacks, of all shops; NaN while nobody knows',
    registers,
  });
  const entries = new Counter({
    name: 'livehold_archived_entries_total',
    help: 'Entries of event streams that this server has archived',
    registers,
  });
  return {
    archived: (n: number) => entries.inc(n),
    behind: (seconds = Number.NaN) => behind.set(seconds),
  };
}

/** What the scripts that this server called took and did. */
function storeMetrics(registers: Registry[]) {
  const orders = new Counter({
    name: 'livehold_orders_total',
    help: 'Orders by the status they came to, in what this server committed',
    labelNames: ['status'] as const,
    registers,
  });
  const releases = new Counter({
    name: 'livehold_releases_total',
    help: 'Units that went back to the public, by reason, in what this server committed',
    labelNames: ['reason'] as const,
    registers,
  });
  for (const status of OrderStatusSchema.options) orders.inc({ status }, 0);
  for (const reason of ReleaseReasonSchema.options) releases.inc({ reason }, 0);
  const script = timed(
    new Histogram({
      name: 'livehold_script_seconds',
      help: 'Time from the call of a Redis script to its answer, by script',
      labelNames: ['script'] as const,
      buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 3],
      registers,
    }),
  );
  return {
    script,
    counted({ orders: changed = {}, released = {} }: Counted): void {
      for (const [status, n] of Object.entries(changed)) orders.inc({ status }, n);
      for (const [reason, units] of Object.entries(released)) releases.inc({ reason }, units);
    },
  };
}

/**
 * A counter that is asked for the same few label values thousands of times a second: prom-client hashes labels and makes
 * objects at every `inc`, so it is given the sums when it is scraped. Values must come from a closed set.
 *
 * @param known values of a single label that begin at 0
 */
function counted<Label extends string>(
  options: CounterConfiguration<Label>,
  known: string[] = [],
): (...values: string[]) => void {
  const sums = new Map(known.map((value) => [value, { values: [value], sum: 0 }]));
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
    const one = sums.get(key);
    if (one) one.sum++;
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
