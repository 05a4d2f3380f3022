import type { Taken } from './messages.js';

/** What each worker has taken of what is given back: kept here, for a worker that dies gives nothing back by itself. */
export class CeilingsTaken {
  private readonly names: ReadonlySet<string>;
  private readonly of = new Map<number, Map<string, Map<string, number>>>();

  /** @param names the limits that this is so of */
  constructor(names: readonly string[]) {
    this.names = new Set(names);
  }

  note(worker: number, { limit, by }: Taken): void {
    if (!this.names.has(limit)) return;
    const limits = this.of.get(worker) ?? new Map<string, Map<string, number>>();
    const keys = limits.get(limit) ?? new Map<string, number>();
    this.of.set(worker, limits.set(limit, keys));
    for (const [key, points] of by) {
      const left = (keys.get(key) ?? 0) + points;
      if (left === 0) keys.delete(key);
      else keys.set(key, left);
    }
  }

  /** What a worker that has just begun is to know of the others. */
  *known(): Iterable<Taken> {
    for (const limits of this.of.values()) {
      for (const [limit, keys] of limits) yield { kind: 'taken', limit, by: [...keys] };
    }
  }

  /** What a worker that is gone has taken comes back. */
  *gone(worker: number): Iterable<Taken> {
    for (const [limit, keys] of this.of.get(worker) ?? []) {
      yield { kind: 'taken', limit, by: [...keys].map(([key, points]) => [key, -points]) };
    }
    this.of.delete(worker);
  }
}
