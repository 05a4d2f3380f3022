import { Child } from '../rig/child.js';
import type { Common } from '../rig/serve.js';
import type { ClockSpan } from './link/clock-span.js';
import type { WorkerMethods } from './worker.js';

const WORKER = new URL('./worker.js', import.meta.url);

export type LocalWorker = Child<WorkerMethods & Common>;

/** One process of the load, here or on another machine. */
export interface Worker extends Pick<LocalWorker, 'call' | 'stop'> {
  /** About how much our clock is ahead of its machine's, ms. */
  ahead: number;
  /** Between what and what that has been, up to now. */
  clock(): Promise<ClockSpan>;
}

export function startLocalWorker(): LocalWorker {
  return Child.start<WorkerMethods & Common>(WORKER);
}

/** Processes of one machine have one clock. */
export function localWorker(): Worker {
  const child = startLocalWorker();
  return {
    ahead: 0,
    call: (method, ...args) => child.call(method, ...args),
    stop: () => child.stop(),
    clock: async () => ({ least: 0, most: 0 }),
  };
}
