import { setTimeout as delay } from 'node:timers/promises';
import type { Booking } from '../../src/protocol/booking.js';
import type { ItemView } from '../../src/protocol/item.js';
import { isAccepted, parseAnswer } from '../client/connection.js';
import { quantiles } from '../rig/statistics.js';
import type { CrowdOptions, Viewer } from './viewers.js';

/** What a stretch of booking came to. */
export interface Booked {
  accepted: number;
  refused: number;
  /** How long it lasted, ms. */
  ms: number;
  /** From the command (in `bookSteadily` from when it was due) to its answer, ms. */
  p50: number;
  p99: number;
  max: number;
  /** Each item as the newest answer showed it. */
  last: Pick<ItemView, 'itemId' | 'available' | 'revision'>[];
  /** When the last command was sent, epoch ms. */
  lastSentAt: number;
}

const ANSWERS_WITHIN_MS = 30_000;
let requests = 0;
/** Goes on from call to call, so that viewers take turns. */
let turns = 0;

class Run {
  private readonly viewers: Viewer[];
  private readonly options: CrowdOptions;
  private readonly took: number[] = [];
  private readonly newest = new Map<string, Booked['last'][number]>();
  private accepted = 0;
  private refused = 0;
  private lastSentAt = 0;
  private readonly start = performance.now();

  constructor(viewers: Viewer[], options: CrowdOptions) {
    this.viewers = viewers;
    this.options = options;
  }

  get answered(): number {
    return this.accepted + this.refused;
  }

  /** The next viewer books the next item. @param due when it should have been sent, on the clock of `performance` */
  book(due: number, onAnswer: () => void): void {
    const turn = turns++;
    const { connection } = this.viewers[turn % this.viewers.length] as Viewer;
    const { itemIds, liveId } = this.options;
    const itemId = itemIds[turn % itemIds.length] ?? '';
    const requestId = `${process.pid}-${requests++}`;
    this.lastSentAt = Date.now();
    connection.send(
      'booking:create',
      `{"liveId":"${liveId}","itemId":"${itemId}","quantity":1,"requestId":"${requestId}"}`,
      (answer) => {
        this.took.push(performance.now() - due);
        if (isAccepted(answer)) this.accepted++;
        else this.refused++;
        this.keepNewest(itemId, answer);
        onAnswer();
      },
    );
  }

  result(): Booked {
    const { accepted, refused, lastSentAt } = this;
    const ms = performance.now() - this.start;
    const last = [...this.newest.values()];
    return { accepted, refused, ms, lastSentAt, last, ...quantiles(this.took) };
  }

  /** Answers are parsed only near the end of a stretch, when they may hold the last value. */
  keepLast = false;

  private keepNewest(itemId: string, answer: string): void {
    if (!this.keepLast) return;
    const parsed = parseAnswer<{ booking: Booking; item: ItemView }>(answer);
    if (!parsed.ok) return;
    const { available, revision } = parsed.data.item;
    const known = this.newest.get(itemId);
    // Without revisions, as the naive server has none, stock that only falls tells what is newer.
    const newer =
      revision === undefined
        ? available < (known?.available ?? Infinity)
        : revision >= (known?.revision ?? 0);
    if (newer) this.newest.set(itemId, { itemId, available, revision });
  }
}

/** Closed loop: so many commands in flight for so long, spread over all viewers. */
export async function bookForAWhile(
  viewers: Viewer[],
  options: CrowdOptions,
  inFlight: number,
  ms: number,
): Promise<Booked> {
  const run = new Run(viewers, options);
  const end = performance.now() + ms;
  await new Promise<void>((resolve) => {
    let flying = inFlight;
    setTimeout(resolve, ms + ANSWERS_WITHIN_MS).unref();
    const next = () => {
      const now = performance.now();
      if (now < end) run.book(now, next);
      else if (--flying === 0) resolve();
    };
    for (let i = 0; i < inFlight; i++) next();
  });
  return run.result();
}

/** So many commands, all at once. */
export async function bookOnce(
  viewers: Viewer[],
  options: CrowdOptions,
  count: number,
): Promise<Booked> {
  const run = new Run(viewers, options);
  await new Promise<void>((resolve) => {
    const answered = () => run.answered === count && resolve();
    for (let i = 0; i < count; i++) run.book(performance.now(), answered);
  });
  return run.result();
}

/** Open loop: commands leave on schedule whatever the answers do, and lateness counts from the schedule. */
export async function bookSteadily(
  viewers: Viewer[],
  options: CrowdOptions,
  perSecond: number,
  ms: number,
): Promise<Booked> {
  const run = new Run(viewers, options);
  const total = Math.round((perSecond * ms) / 1_000);
  const start = performance.now();
  let sent = 0;
  while (sent < total) {
    const due = Math.min(total, Math.floor(((performance.now() - start) * perSecond) / 1_000) + 1);
    // The last values are in the answers of the last stretch.
    run.keepLast = total - sent <= perSecond / 2 || total < 500;
    for (; sent < due; sent++) run.book(start + (sent * 1_000) / perSecond, () => {});
    await delay(2);
  }
  const deadline = performance.now() + ANSWERS_WITHIN_MS;
  while (run.answered < total && performance.now() < deadline) await delay(1);
  return run.result();
}
