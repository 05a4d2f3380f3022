/** One process of a load test: its share of the viewers and of the actions, on an open-loop schedule. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Booking } from '../../src/protocol/booking.js';
import type { StockView } from '../../src/protocol/item.js';
import { signToken } from '../client/tokens.js';
import { serve } from '../rig/serve.js';
import { ACTIONS, askAgain, type Field, noteAll } from './actions.js';
import { Ledger, type LedgerPage } from './ledger.js';
import type { Share } from './plan.js';
import { type Recorded, Recorder } from './recorder.js';
import { StockSight } from './stock-sight.js';
import { Visitor } from './visitor.js';

/** Live numbers of one process. */
export interface Progress {
  arrived: number;
  failed: number;
  lost: number;
  actions: number;
  outcomes: Record<string, number>;
  recentP99: number;
}

const TICK_MS = 2;
const ANSWERS_WITHIN_MS = 30_000;

let share: Share;
let field: Field;
let tokens: (string | undefined)[] = [];
const visitors: Visitor[] = [];
const recorder = new Recorder();
const ledger = new Ledger();
const outcomes: Record<string, number> = {};
const reasons = new Set<string>();
let sight: StockSight;
let failed = 0;
let lost = 0;
let arrived = 0;
let actions = 0;
let running = 0;
/** The server's clock minus ours, ms, from the answer that took least time. */
let skew = 0;
let shortest = Number.POSITIVE_INFINITY;

function count(outcome: string): void {
  outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
}

/** Everything that the schedule must not wait for later: tokens above all. */
async function prepare(given: Share): Promise<void> {
  share = given;
  const { secret, shopId, runId, index, of, viewers, itemIds, url } = share;
  sight = new StockSight(itemIds, viewers);
  field = { url, itemIds, runId: `${runId}-${index}`, recorder, ledger, sight, unknown: [], count };
  tokens = Array.from({ length: viewers }, (_, i) => {
    const number = i * of + index;
    const who = { id: `${runId}-${number}`, shopId, role: 'viewer' as const };
    return secret ? signToken(secret, { ...who, name: `Load ${number}` }) : undefined;
  });
}

/** Everyone comes, on schedule; resolves when the last is in or has failed. @param at of the first, epoch ms */
async function arriveAll(at: number): Promise<void> {
  await schedule(share.viewers, share.arrivalsPerSecond, at, arrive);
  await finished();
}

/** The actions, each at its own time whatever became of those before. @param at of the first, epoch ms */
async function act(at: number): Promise<void> {
  const { actionsPerSecond, durationSeconds, scenario } = share;
  const total = Math.round(actionsPerSecond * durationSeconds);
  const action = ACTIONS[scenario];
  await schedule(total, actionsPerSecond, at, async (turn, due) => {
    actions++;
    const visitor = visitors[turn % Math.max(1, visitors.length)];
    if (!visitor) return count('skipped: nobody is there');
    await action(field, visitor, turn, due);
  });
  const rest = at + durationSeconds * 1_000 - Date.now();
  if (rest > 0) await delay(rest);
  await finished();
  await askAgain(field);
}

async function finished(): Promise<void> {
  const end = performance.now() + ANSWERS_WITHIN_MS;
  while (running > 0 && performance.now() < end) await delay(10);
}

/** Begins so many things, evenly apart. @param at of the first, epoch ms */
async function schedule(
  total: number,
  perSecond: number,
  at: number,
  begin: (n: number, due: number) => void | Promise<void>,
): Promise<void> {
  const start = performance.now() + (at - Date.now());
  for (let n = 0; n < total; ) {
    const due = Math.floor(((performance.now() - start) * perSecond) / 1_000) + 1;
    for (; n < Math.min(due, total); n++) {
      running++;
      Promise.resolve(begin(n, start + (n * 1_000) / perSecond))
        .catch((error: Error) => {
          count(error.message);
          reasons.add(error.message);
        })
        .finally(() => running--);
    }
    await delay(TICK_MS);
  }
}

async function arrive(number: number, due: number): Promise<void> {
  try {
    const token = tokens[number] ?? (await guestToken(number));
    const visitor: Visitor = await Visitor.arrive(number, share, token, {
      event: (name, payload) => hear(number, name, payload),
      lost: () => {
        lost++;
        visitor.watching = false;
      },
    });
    const asked = performance.now();
    const { items, serverTime } = await visitor.join();
    const took = performance.now() - asked;
    if (took < shortest) {
      shortest = took;
      skew = serverTime + took / 2 - Date.now();
    }
    noteAll(sight, visitor, items);
    visitors.push(visitor);
    recorder.note('join', performance.now() - due);
    arrived++;
  } catch (error) {
    failed++;
    reasons.add(error instanceof Error ? error.message : String(error));
  }
}

async function guestToken(number: number): Promise<string> {
  const url = new URL(`/api/v1/shops/${share.shopId}/guests`, share.url);
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: `Load ${number}` }),
  });
  if (!response.ok) throw new Error(`guest: HTTP ${response.status}`);
  return ((await response.json()) as { token: string }).token;
}

function hear(viewer: number, name: string, payload: string): void {
  if (name === 'stock:changed') sight.frame(viewer, payload);
  else if (name === 'booking:updated') {
    const { booking } = JSON.parse(payload) as { booking: Booking };
    const lateness = ledger.update(booking, Date.now() + skew);
    if (lateness !== undefined) recorder.note('release', lateness);
  }
}

const methods = {
  prepare,
  arriveAll,
  act,
  progress: (): Progress => ({
    arrived,
    failed,
    lost,
    actions,
    outcomes,
    recentP99: recorder.recentP99(),
  }),
  page: (): LedgerPage => ledger.page(Date.now() + skew),
  /** Bookings that the server never said anything definite about. */
  unknown: (): number => field.unknown.length,
  /** Viewers in the live who see another stock than this. */
  disagreeing: (stock: StockView[]): number =>
    sight.disagreeing(
      stock,
      visitors.filter(({ watching }) => watching).map(({ number }) => number),
    ),
  recorded: (): { timings: Recorded; frames: number; reasons: string[] } => ({
    timings: recorder.encode(),
    frames: sight.framesSeen,
    reasons: [...reasons].slice(0, 5),
  }),
};
export type WorkerMethods = typeof methods;
serve(methods, () => {
  for (const visitor of visitors) visitor.leave();
});
