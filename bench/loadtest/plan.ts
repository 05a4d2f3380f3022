import type { Phase } from './phases.js';

/** What viewers do, once they have arrived. */
export const SCENARIOS = {
  flash: 'everyone wants one item: it sells out, and what is not paid comes back',
  steady: 'bookings at an even rate over all items, one in ten cancelled a second later',
  browse: 'viewers look, leave and return; one action in twenty is a booking',
  join: 'all viewers arrive within a second, while one in twenty, who came before, books',
  pay: 'book, check out, order, pay by QRIS in the sandbox; six in ten stop on the way',
} as const;
export type Scenario = keyof typeof SCENARIOS;

/** What a scenario does when the command line leaves it open. */
export interface Defaults {
  /** Arrivals a second; undefined = all within one second. */
  rate: number | undefined;
  /** Actions a second. */
  bookings: number;
  /** Of the actions, s. */
  duration: number;
  items: number;
  /** All units together, as a share of the bookings planned within the time that one is held. */
  stockShare: number;
}

/** Within a run so many holds, one after the other, can run out: each run sees them end while others book. */
export const HOLDS_A_RUN = 5;

export const DEFAULTS: Record<Scenario, Defaults> = {
  flash: { rate: 500, bookings: 2_000, duration: 15, items: 1, stockShare: 0.5 },
  steady: { rate: 200, bookings: 200, duration: 30, items: 5, stockShare: 10 },
  browse: { rate: 200, bookings: 200, duration: 30, items: 5, stockShare: 10 },
  join: { rate: undefined, bookings: 100, duration: 5, items: 5, stockShare: 10 },
  pay: { rate: 200, bookings: 50, duration: 20, items: 5, stockShare: 10 },
};

/** In a join storm so many viewers came before, in their own time, and book meanwhile. */
export const EARLY_SHARE = 1 / 20;
export const EARLY_PER_SECOND = 100;

/** The part of a run that one process does. Times are ms of the coordinating process's clock. */
export interface Share {
  url: string;
  shopId: string;
  liveId: string;
  itemIds: string[];
  /** One for each viewer of this process; without any each viewer asks the server for a guest's. */
  tokens: string[];
  /** Names the run, so that no request id and no viewer of another run is met again. */
  runId: string;
  scenario: Scenario;
  /** This process serves viewers and actions number `index`, `index + of`, `index + 2·of` … */
  index: number;
  of: number;
  viewers: number;
  phases: Phase[];
  /** When the load as a whole begins, for what is told second by second. */
  zero: number;
  /** How much the coordinating process's clock is ahead of this machine's. */
  ahead: number;
}
