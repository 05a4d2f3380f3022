import { setTimeout as delay } from 'node:timers/promises';
import { History } from '../history/history.js';
import { Crowd } from './crowd/crowd.js';
import { Watch } from './crowd/watch.js';
import type { Fault } from './fault.js';
import type { Finding } from './guarantees.js';
import { type Market, openMarket } from './market.js';
import { Random } from './random.js';
import { Scene } from './scene.js';
import { Bank, sandboxApp } from './till.js';
import { auditOf, type Found, judgeAfter, judgeLeftovers, judgeThrough } from './verdict/judge.js';

/** What one run of a fault came to. */
export interface Outcome {
  fault: string;
  seed: string;
  /** Broken guarantees, each with what was seen; none: all is well. */
  findings: Finding[];
  /** From the fault's end to the first booking that was accepted after it, ms. */
  recoveryMs: number;
  /** How late each hold ended that was due during the fault, by Redis's clock, ms. */
  lateMs: number[];
  /** Bookings and orders that were acknowledged, and how many of them were gone. */
  acked: number;
  lost: number;
  bookings: number;
  lapsed: number;
  seconds: number;
}

const RECOVERED_WITHIN_MS = 60_000;
const OVER_WITHIN_MS = 180_000;

/** Plays a fault once, on processes of its own. @throws NotPermitted */
export async function runFault(fault: Fault, seed: string): Promise<Outcome> {
  const started = performance.now();
  const random = new Random(seed, fault.name);
  const scene = await Scene.open(fault.needs ?? {}, seed);
  try {
    const playing = play(fault, scene, random, seed);
    const found = await Promise.race([playing, tooLate()]).catch(cameToNothing);
    const seconds = (performance.now() - started) / 1_000;
    return { fault: fault.name, seed, seconds, ...found };
  } finally {
    await scene.close();
  }
}

type Played = Found & { recoveryMs: number };

async function tooLate(): Promise<never> {
  await delay(OVER_WITHIN_MS, undefined, { ref: false });
  throw new Error(`not over within ${OVER_WITHIN_MS / 1_000} s`);
}

/** Whatever keeps a run from its end is broken. */
function cameToNothing(error: Error): Played {
  const findings: Finding[] = [{ guarantee: 'answers', detail: error.stack ?? error.message }];
  return {
    findings,
    recoveryMs: Number.NaN,
    lateMs: [],
    acked: 0,
    lost: 0,
    bookings: 0,
    lapsed: 0,
  };
}

async function play(fault: Fault, scene: Scene, random: Random, seed: string): Promise<Played> {
  const market = await openMarket(scene.server.url);
  const memoryBefore = scene.servers.map((server) => server.residentMb);
  const { crowd, bank } = await gather('v', scene, market, seed);
  scene.shopId = market.shopId;
  scene.liveId = market.liveId;
  scene.crowd = crowd;
  await scene.hook(market.host);
  crowd.start();
  await delay(random.whole(900, 1_700));
  await fault.act(scene, random);
  const witnesses = { fault, scene, market, crowd, bank, memoryBefore };
  if (scene.loss?.everything) {
    await crowd.stop();
    const found = await judgeLeftovers(witnesses);
    return { ...found, ...(await afterwards(scene, market, seed, found.findings)) };
  }
  const recoveryMs = (await recovered(scene)) - scene.ended.at;
  const audit = await auditOf(market);
  await delay(random.whole(700, 1_200));
  await crowd.allIn();
  await crowd.stop();
  const found = await judgeThrough({ ...witnesses, audit });
  if (!scene.loss) return { ...found, recoveryMs };
  const { findings } = await afterwards(scene, market, seed, found.findings);
  return { ...found, findings, recoveryMs };
}

/** Everyone comes into the live. */
async function gather(name: string, scene: Scene, market: Market, seed: string) {
  const history = new History(market.itemIds);
  const { midtrans, urls } = scene;
  const payQris = midtrans
    ? async (paymentId: string) => {
        midtrans.payments.settle(paymentId);
        return 200;
      }
    : sandboxApp(urls, new Random(seed, name, 'bank'));
  const bank = new Bank(market.host, payQris);
  const place = { urls, ...market, history };
  const crowd = await Crowd.arrive(name, place, bank, new Watch(), seed);
  return { crowd, bank };
}

/** When the first booking after the fault was accepted. */
async function recovered({ recovery }: Scene): Promise<number> {
  if (!recovery) throw new Error('the fault was never there');
  const at = await Promise.race([recovery, delay(RECOVERED_WITHIN_MS, Number.NaN)]);
  if (Number.isNaN(at)) throw new Error(`no booking within ${RECOVERED_WITHIN_MS / 1_000} s`);
  return at;
}

/** After a loss: people who come now find a shop in which everything is right. Adds what they found to the rest. */
async function afterwards(
  scene: Scene,
  before: Market,
  seed: string,
  found: Finding[],
): Promise<{ findings: Finding[]; recoveryMs: number }> {
  await scene.crowd?.leave();
  const market = await openMarket(scene.server.url, before.shopId);
  const { crowd, bank } = await gather('w', scene, market, seed);
  scene.crowd = crowd;
  scene.recovery = crowd.watch.nextBooking();
  crowd.start();
  const recoveryMs = (await recovered(scene)) - scene.ended.at;
  await delay(1_500);
  await crowd.stop();
  const findings = await judgeAfter({ scene, market, crowd, bank });
  return { findings: [...found, ...findings], recoveryMs };
}
