/** The viewers of a measurement, in a process of their own. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { signOwnToken } from '../../src/transports/own-token.js';
import { Connection } from '../client/connection.js';
import { TextSocket } from '../client/websocket.js';
import { serve } from '../rig/serve.js';
import { quantiles } from '../rig/statistics.js';
import { bookForAWhile, bookOnce, bookSteadily } from './booking.js';
import { Deadlines } from './deadlines.js';
import { FrameWatch, type Value } from './frames.js';
import type { CrowdOptions, Viewer } from './viewers.js';
import { WaitingLine } from './waiting.js';

/** What joining took. */
export interface Joined {
  joined: number;
  failed: number;
  /** From the first connection to the last answer, ms. */
  ms: number;
  /** From the call to each answer, ms. */
  p50: number;
  p99: number;
  max: number;
  reasons: string[];
}

const FIRST_REASONS = 5;
let options: CrowdOptions = { url: '', shopId: '', liveId: '', itemIds: [] };
let viewers: Viewer[] = [];
/** Joined without a token and only watching; they never book. */
let watchers: Connection[] = [];
let lost = 0;
const frames = new FrameWatch();
const deadlines = new Deadlines();
const line = new WaitingLine();

/** Tokens are signed before the clock starts. */
function destinations(count: number): { id: string; token: string | undefined }[] {
  const { secret, shopId, idPrefix = 'v' } = options;
  return Array.from({ length: count }, (_, i) => {
    const id = `${idPrefix}${viewers.length + i}`;
    const token = secret
      ? signOwnToken({ secret }, { id, shopId, role: 'viewer' }, '1h')
      : undefined;
    return { id, token };
  });
}

async function join(count: number, atOnce: number): Promise<Joined> {
  const waiting = destinations(count);
  const took: number[] = [];
  const reasons: string[] = [];
  const start = performance.now();
  const work = Array.from({ length: Math.min(atOnce, count) }, async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const began = performance.now();
      try {
        await joinOne(next.id, next.token);
        took.push(performance.now() - began);
      } catch (error) {
        reasons.push(error instanceof Error ? error.message : String(error));
      }
    }
  });
  await Promise.all(work);
  const { p50, p99, max } = quantiles(took);
  const ms = performance.now() - start;
  return {
    joined: took.length,
    failed: count - took.length,
    ms,
    p50,
    p99,
    max,
    reasons: reasons.slice(0, FIRST_REASONS),
  };
}

async function joinOne(id: string, token: string | undefined): Promise<void> {
  const number = viewers.length;
  const connection = await Connection.open(
    { url: options.url, token, inflates: options.inflates },
    {
      event: (name, payload) => {
        if (name === 'stock:changed') frames.stock(id, payload);
        else if (name === 'booking:updated') deadlines.updated(payload);
        else if (name === 'waitlist:updated') line.updated(payload);
      },
      lost: () => {
        lost++;
      },
    },
  );
  const { shopId, liveId, connectOnly } = options;
  if (!connectOnly) {
    const answer = await connection.request('live:join', { shopId, liveId });
    if (!answer.ok) throw new Error(answer.error.code);
  }
  viewers.push({ id: `${id}/${number}`, connection });
}

/** More who watch, a few at a time. */
async function joinLive(count: number): Promise<void> {
  let left = count;
  const { url, shopId, liveId } = options;
  await Promise.all(
    Array.from({ length: 50 }, async () => {
      while (left-- > 0) {
        const connection = await Connection.open({ url });
        await connection.request('live:join', { shopId, liveId });
        watchers.push(connection);
      }
    }),
  );
}

const delayOfLoop = monitorEventLoopDelay({ resolution: 5 });

const methods = {
  use(given: CrowdOptions): void {
    options = given;
  },
  join,
  joinLive,
  /** @returns what one viewer gets to see, to make answers of the same size elsewhere */
  async samples(itemId: string): Promise<{ join: unknown; booking: unknown; stock: unknown }> {
    const { shopId, liveId } = options;
    const [viewer] = viewers;
    if (!viewer) throw new Error('nobody has joined');
    const joined = await viewer.connection.request('live:join', { shopId, liveId });
    const stock = frames.next();
    const requestId = `sample-${process.pid}-${performance.now()}`;
    const request = { liveId, itemId, quantity: 1, requestId };
    const booking = await viewer.connection.request('booking:create', request);
    return { join: joined, booking, stock: await stock };
  },
  bookForAWhile: (inFlight: number, ms: number) => bookForAWhile(viewers, options, inFlight, ms),
  bookOnce: (count: number) => bookOnce(viewers, options, count),
  bookSteadily: (perSecond: number, ms: number) => bookSteadily(viewers, options, perSecond, ms),
  countFrames: () => frames.count(),
  /** The next `stock:changed` with so many items. */
  frameOf: (items: number) => frames.nextOf(items),
  bytesRead: () => TextSocket.bytesRead,
  expectLast: (last: Value[], since: number, ms: number) =>
    frames.expectLast(last, since, viewers.length, ms),
  expectReleases: (count: number) => deadlines.expect(count),
  released: (ms: number) => deadlines.released(ms),
  /** All viewers but the first `holders` wait for a unit. @returns how many were refused */
  waitInLine: (holders: number) => line.join(viewers.slice(holders), options),
  served: (due: number[], ms: number) => line.served(due, ms),
  lost: () => lost,
  /** The longest that this process was busy with something else since the last call, ms. */
  busy(): number {
    const max = delayOfLoop.max / 1e6;
    delayOfLoop.reset();
    delayOfLoop.enable();
    return max;
  },
  leave(): void {
    for (const { connection } of viewers) connection.destroy();
    for (const connection of watchers) connection.destroy();
    viewers = [];
    watchers = [];
    lost = 0;
  },
};
export type CrowdMethods = typeof methods;
serve(methods, () => methods.leave());
