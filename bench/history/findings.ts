/** What the server promises its clients, in the order and in the words in which a verdict names it. */
export const PROMISES = {
  answered: 'every command is answered',
  oversold: 'never more is held or sold than there was',
  conserved: 'no unit appears or disappears',
  places: 'places in line are 1, 2, 3 … without a gap, and none is given twice',
  realTime: 'who was answered before another asked has the lower place and the lower revision',
  requests: 'a request that is repeated has one effect',
  early: 'nothing is released early',
  told: 'whatever happens to a viewer is delivered to each of their sockets',
  once: 'nothing is delivered twice',
  order: 'events come in the order in which things happened',
  reputation:
    'each reputation delivered follows from the one before, and the last one is the reputation',
  released: 'the units announced as released are the units that came free',
  seen: 'every watcher ends up with the stock that the server has',
} as const;
export type PromiseName = keyof typeof PROMISES;

/** What came of one promise. */
export interface Found {
  /** Comparisons made: a promise that nothing was held against was not tested. */
  checked: number;
  /** Times that it was broken, by what was wrong. */
  broken: Record<string, number>;
  /** The first of them, for people. */
  first: string[];
}

const FIRST_FEW = 5;

/** Counts what was checked and what was found broken, and keeps the first few of each: bounded, whatever went wrong. */
export class Findings {
  readonly found: Partial<Record<PromiseName, Found>> = {};

  checked(promise: PromiseName, count = 1): void {
    this.of(promise).checked += count;
  }

  /** @param kind what was wrong, in a word or two; counted. @param detail which, and how */
  broken(promise: PromiseName, kind: string, detail: string): void {
    const found = this.of(promise);
    found.broken[kind] = (found.broken[kind] ?? 0) + 1;
    if (found.first.length < FIRST_FEW) found.first.push(`${kind}: ${detail}`);
  }

  add(other: Findings['found']): void {
    for (const [name, { checked, broken, first }] of Object.entries(other)) {
      const found = this.of(name as PromiseName);
      found.checked += checked;
      for (const [kind, count] of Object.entries(broken))
        found.broken[kind] = (found.broken[kind] ?? 0) + count;
      found.first = [...found.first, ...first].slice(0, FIRST_FEW);
    }
  }

  private of(promise: PromiseName): Found {
    let found = this.found[promise];
    if (!found) {
      found = { checked: 0, broken: {}, first: [] };
      this.found[promise] = found;
    }
    return found;
  }
}
