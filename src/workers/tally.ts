import type { Worker } from 'node:cluster';
import { AggregatorRegistry, Gauge } from 'prom-client';
import type { Counts, ToWorker } from './messages.js';

/** How long a worker that is busy is waited for, ms; then what it said last stands. */
const PATIENCE_MS = 1_000;

/**
 * Adds up the metrics of all workers. What a worker counted stays in the sums after it is gone, as far as it was last asked, so
 * that counters never fall.
 */
export class Tally {
  private readonly last = new Map<number, Counts>();
  private past: Counts = [];
  private readonly asked = new Map<number, (counts: Counts) => void>();
  private readonly own = new AggregatorRegistry();
  private ids = 0;

  /** @param present the workers that can be asked */
  constructor(present: () => Worker[]) {
    new Gauge({
      name: 'livehold_workers',
      help: 'Worker processes that share the port',
      registers: [this.own],
      collect() {
        this.set(present().length);
      },
    });
    this.present = present;
  }

  private readonly present: () => Worker[];

  /** In Prometheus's text format. */
  async text(): Promise<string> {
    const present = this.present();
    await Promise.all(present.map((worker) => this.ask(worker)));
    const live = present.map(({ id }) => this.last.get(id) ?? []);
    const own = (await this.own.getMetricsAsJSON()) as Counts;
    return AggregatorRegistry.aggregate([...live, this.past, own]).metrics();
  }

  answered(id: number, counts: Counts): void {
    this.asked.get(id)?.(counts);
  }

  async gone({ id }: Worker): Promise<void> {
    const counts = this.last.get(id);
    this.last.delete(id);
    if (!counts) return;
    const kept = counts.filter(({ type }) => ['counter', 'histogram'].includes(String(type)));
    const sum = AggregatorRegistry.aggregate([this.past, kept]);
    this.past = (await sum.getMetricsAsJSON()) as Counts;
  }

  private ask(worker: Worker): Promise<void> {
    const id = this.ids++;
    return new Promise((resolve) => {
      const timer = setTimeout(done, PATIENCE_MS);
      const { asked, last } = this;
      function done(): void {
        clearTimeout(timer);
        asked.delete(id);
        resolve();
      }
      asked.set(id, (counts) => {
        last.set(worker.id, counts);
        done();
      });
      worker.send({ kind: 'count', id } satisfies ToWorker);
    });
  }
}
