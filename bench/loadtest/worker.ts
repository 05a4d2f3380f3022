/** One process of a load test: its share of the viewers and of the actions, on an open-loop schedule. */
import { setTimeout as delay } from 'node:timers/promises';
import { decodeJwt } from 'jose';
import type { StockView } from '../../src/protocol/item.js';
import { History } from '../history/history.js';
import type { HistoryPage } from '../history/page.js';
import { serve } from '../rig/serve.js';
import { ACTIONS, askAgain } from './actions.js';
import type { Field } from './field.js';
import { beginnings, secondsOf } from './phases.js';
import type { Share } from './plan.js';
import { type Recorded, Recorder } from './recorder.js';
import { type EncodedSecond, Timeline } from './timeline.js';
import { clock, Refusal, Visitor } from './visitor.js';

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
/** So many viewers have a second device: a number that falls on every kind of action. */
const SECOND_DEVICE_EVERY = 7;
const LOOKING_AT_ONCE = 64;

let share: Share;
let field: Field;
let history: History;
const visitors: Visitor[] = [];
const timeline = new Timeline(() => (clock() + share.ahead - share.zero) / 1_000);
const recorder = new Recorder(timeline);
const outcomes: Record<string, number> = {};
const reasons = new Set<string>();
let failed = 0;
let lost = 0;
let arrived = 0;
let actions = 0;

function count(outcome: string): void {
  outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  if (outcome === 'accepted') timeline.count('accepted');
  else if (/^[A-Z_]+$/.test(outcome)) timeline.count('refused');
}

/** Everything that the schedule must not wait for later. */
function prepare(given: Share): void {
  share = given;
  const { runId, index, itemIds, url } = share;
  history = new History(itemIds, (ms) => recorder.note('release', ms));
  field = { url, itemIds, runId: `${runId}-${index}`, recorder, unknown: [], count };
}

/** These viewers come, on schedule; resolves when the last is in or has failed. @param at of the first */
async function arrive(at: number, from: number, to: number, perSecond: number): Promise<void> {
  const times = Array.from({ length: to - from }, (_, n) => (n * 1_000) / perSecond);
  await schedule(times, at, (n, due) => arriveOne(from + n, due));
}

/** The actions of who is there, each at its time whatever became of those before. @param at of the first */
async function act(at: number): Promise<void> {
  const { phases, scenario } = share;
  const action = ACTIONS[scenario];
  const there = [...visitors];
  history.begin();
  await schedule(beginnings(phases), at, async (turn, due) => {
    actions++;
    timeline.count('begun');
    const visitor = there[turn % Math.max(1, there.length)];
    if (!visitor) return count('skipped: nobody is there');
    await action(field, visitor, turn, due);
  });
  const rest = at + secondsOf(phases) * 1_000 - (clock() + share.ahead);
  if (rest > 0) await delay(rest);
  await askAgain(field);
}

/** Begins something at each of these times, and waits for the end of it all. @param times ms after `at`, in their order */
async function schedule(
  times: Iterable<number>,
  at: number,
  begin: (n: number, due: number) => void | Promise<void>,
): Promise<void> {
  const start = performance.now() + (at - (clock() + share.ahead));
  let running = 0;
  let n = 0;
  let now = performance.now();
  for (const time of times) {
    const due = start + time;
    // One look at the clock a tick: whoever is behind lets answers in, too.
    for (; now < due; now = performance.now()) await delay(TICK_MS);
    running++;
    Promise.resolve(begin(n++, due))
      .catch((error: Error) => {
        count(error.message);
        if (!(error instanceof Refusal)) reasons.add(error.message);
      })
      .finally(() => running--);
  }
  const end = performance.now() + ANSWERS_WITHIN_MS;
  while (running > 0 && performance.now() < end) await delay(10);
}

async function arriveOne(number: number, due: number): Promise<void> {
  try {
    const token = share.tokens[number] ?? (await guestToken(number));
    const viewerId = String(decodeJwt(token).sub);
    const visitor = new Visitor({ ...share, viewerId, token }, history, () => lost++);
    await visitor.arrive();
    recorder.note('join', performance.now() - due);
    if (number % SECOND_DEVICE_EVERY === 0) await visitor.arrive();
    visitors.push(visitor);
    arrived++;
    timeline.count('arrived');
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

/** Every viewer asks for their own state once more. */
async function lookBack(): Promise<void> {
  const waiting = [...visitors];
  const looking = Array.from({ length: LOOKING_AT_ONCE }, async () => {
    for (let one = waiting.pop(); one; one = waiting.pop()) await one.lookBack();
  });
  await Promise.all(looking);
}

const methods = {
  prepare,
  arrive,
  act,
  progress: (): Progress => ({
    arrived,
    failed,
    lost,
    actions,
    outcomes,
    recentP99: recorder.recentP99(),
  }),
  /** How long until the last deadline that anything was given has passed, ms. */
  untilLastDeadline: (): number => history.lastDeadline - clock(),
  lookBack,
  /** @param stock as the server says it is */
  page: (stock: StockView[]): HistoryPage => history.page(stock),
  recorded: (): { timings: Recorded; frames: number; reasons: string[] } => ({
    timings: recorder.encode(),
    frames: history.frames,
    reasons: [...reasons].slice(0, 5),
  }),
  seconds: (): EncodedSecond[] => timeline.encode(),
};
export type WorkerMethods = typeof methods;
serve(methods, () => {
  for (const visitor of visitors) visitor.leave();
});
