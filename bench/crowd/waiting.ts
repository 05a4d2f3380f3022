import { setTimeout as delay } from 'node:timers/promises';
import type { WaitlistEntry } from '../../src/protocol/waitlist.js';
import { isAccepted } from '../client/connection.js';
import type { CrowdOptions, Viewer } from './viewers.js';

/** How the units of lapsed holds came to those who waited for them, as these saw it. */
export interface Served {
  /** Of each, ms from the deadline of the hold that it follows: the first in line follows the first deadline. */
  lateness: number[];
  /** Hand-overs that nobody was told of when time was up. */
  missing: number;
  /** Told to somebody who had somebody before them who was told nothing. */
  outOfOrder: number;
}

const ANSWERS_WITHIN_MS = 30_000;
const AT_ONCE = 256;

/** Who waits, and when each heard that they have their unit. */
export class WaitingLine {
  private tickets: number[] = [];
  /** Parsed when all is over: the load must not be what is late. */
  private heard: { payload: string; at: number }[] = [];

  updated(payload: string): void {
    if (payload.includes('"served"')) this.heard.push({ payload, at: Date.now() });
  }

  /** Each of these viewers waits for one unit of the first item. @returns how many were refused */
  async join(viewers: Viewer[], { itemIds, liveId }: CrowdOptions): Promise<number> {
    const waiting = [...viewers];
    this.heard = [];
    this.tickets = [];
    let refused = 0;
    const join = ({ connection }: Viewer) =>
      new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('no answer')), ANSWERS_WITHIN_MS);
        const itemId = itemIds[0] ?? '';
        const wish = `{"liveId":"${liveId}","itemId":"${itemId}","quantity":1,"requestId":"wait"}`;
        connection.send('waitlist:join', wish, (answer) => {
          clearTimeout(timer);
          if (isAccepted(answer)) this.tickets.push(Number(/"ticket":(\d+)/.exec(answer)?.[1]));
          else refused++;
          resolve();
        });
      });
    const work = Array.from({ length: AT_ONCE }, async () => {
      for (let next = waiting.pop(); next; next = waiting.pop()) await join(next);
    });
    await Promise.all(work);
    return refused;
  }

  /** @param deadlines of the holds that lapse, epoch ms */
  async served(deadlines: number[], withinMs: number): Promise<Served> {
    const end = performance.now() + withinMs;
    while (this.heard.length < deadlines.length && performance.now() < end) await delay(10);
    const due = deadlines.toSorted((a, b) => a - b);
    const line = this.tickets.toSorted((a, b) => a - b).slice(0, due.length);
    const heardAt = new Map<number, number>();
    for (const { payload, at } of this.heard) {
      const { entry } = JSON.parse(payload) as { entry: WaitlistEntry };
      heardAt.set(entry.ticket, at);
    }
    const lateness = line.flatMap((ticket, i) => {
      const at = heardAt.get(ticket);
      return at === undefined ? [] : [at - (due[i] ?? Number.NaN)];
    });
    const missing = due.length - heardAt.size;
    return { lateness, missing, outOfOrder: heardAt.size - lateness.length };
  }
}
