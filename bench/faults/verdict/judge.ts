import { setTimeout as delay } from 'node:timers/promises';
import type { Booking } from '../../../src/protocol/booking.js';
import type { Audit } from '../../../src/protocol/http.js';
import type { Order } from '../../../src/protocol/order.js';
import { PROMISES, type PromiseName } from '../../history/findings.js';
import { judge } from '../../history/judge.js';
import type { Crowd } from '../crowd/crowd.js';
import type { Fault } from '../fault.js';
import type { Finding, Guarantee } from '../guarantees.js';
import { type Market, readAll, readStock } from '../market.js';
import type { Server } from '../rig/server.js';
import type { Scene } from '../scene.js';
import { judgeArchive } from './archive.js';
import { judgeDeliveries } from './deliveries.js';
import { judgeLateness, judgeRecords, type Witnesses } from './records.js';
import { comeToRest } from './rest.js';

/** What judging came to. */
export interface Found {
  findings: Finding[];
  lateMs: number[];
  acked: number;
  lost: number;
  bookings: number;
  lapsed: number;
}

/** Those who were there when it happened. */
interface Throughout extends Witnesses {
  fault: Fault;
  /** Resident memory of each server before anyone came, MB. */
  memoryBefore: number[];
}

const OF_PROMISE: Record<PromiseName, Guarantee> = {
  oversold: 'stock',
  conserved: 'stock',
  places: 'stock',
  realTime: 'stock',
  requests: 'once',
  answered: 'answers',
  early: 'deadlines',
  told: 'told',
  once: 'told',
  order: 'told',
  reputation: 'told',
  released: 'told',
  seen: 'seen',
};
/** What clients who were there before a loss can still be judged by. */
const AFTER_LOSS = new Set<Guarantee>(['seen', 'answers', 'sound', 'memory', 'archived']);
/** No answer may take longer, ms. */
const ANSWER_MS = 5_000;
const MEMORY_MB = 150;
/** How long a server may say that it is not ready once it serves again, ms. */
const READY_WITHIN_MS = 5_000;
/** How long notifications may be under way once nothing happens any more, ms. */
const TOLD_WITHIN_MS = 3_000;

/** Judges what became of those who booked through the fault. */
export async function judgeThrough(all: Throughout & { audit: Audit | string }): Promise<Found> {
  const { fault, scene, market, crowd, audit, memoryBefore } = all;
  const { loss } = scene;
  const findings = await comeToRest(scene, market, crowd);
  // A booking is the record of its own request, and a repeat of one that has left is a request of its own.
  if (fault.needs?.retentionDays === undefined) await crowd.repeat();
  // What had no effect before may have one now.
  findings.push(...(await comeToRest(scene, market, crowd)));
  crowd.newWatcher();
  await crowd.allIn();
  await crowd.lookBack();
  findings.push(...(await judgeHistory(market, crowd)));
  findings.push(...judgeAudit(audit), ...judgeAudit(await auditOf(market)));
  findings.push(...judgeAnswers(crowd), ...(await judgeServers(scene, memoryBefore)));
  findings.push(...scene.findings, ...(await judgeDeliveries(scene)), ...(await judgeArchive(all)));
  const bookings = await readAll<Booking>(market, `/bookings?liveId=${market.liveId}`);
  const orders = await readAll<Order>(market, '/orders');
  const records = judgeRecords(all, bookings, orders);
  const counts = {
    lateMs: await judgeLateness(scene, bookings, fault.onTime ?? false),
    acked: crowd.watch.acked,
    lost: records.lost,
    bookings: crowd.watch.bookings.size,
    lapsed: bookings.filter(({ status }) => status === 'expired').length,
  };
  const held = findings.filter(({ guarantee }) => loss === undefined || AFTER_LOSS.has(guarantee));
  const all_ = [...held, ...records.findings];
  return { ...counts, findings: all_.filter(({ guarantee }) => !fault.except?.[guarantee]) };
}

/** Judges what is left when everything was lost: servers that live and answer. */
export async function judgeLeftovers({ scene, crowd, memoryBefore }: Throughout): Promise<Found> {
  const findings = [...judgeAnswers(crowd), ...(await judgeServers(scene, memoryBefore))];
  const { acked, bookings } = crowd.watch;
  return { findings, lateMs: [], acked, lost: acked, bookings: bookings.size, lapsed: 0 };
}

/** Judges what became of those who came once it was over. */
export async function judgeAfter(witnesses: Witnesses): Promise<Finding[]> {
  const { scene, market, crowd } = witnesses;
  const findings = await comeToRest(scene, market, crowd);
  await crowd.lookBack();
  findings.push(...(await judgeHistory(market, crowd)));
  findings.push(...judgeAudit(await auditOf(market)), ...judgeAnswers(crowd));
  return findings.map(({ guarantee, detail }) => ({ guarantee, detail: `afterwards: ${detail}` }));
}

/** The shop's audit, or why there is none. */
export async function auditOf({ host }: Market): Promise<Audit | string> {
  const end = performance.now() + 10_000;
  for (;;) {
    const answer = await host.call('GET', '/audit').catch(String);
    if (typeof answer !== 'string' && answer.status === 200) return answer.body as Audit;
    if (performance.now() > end) return `no audit: ${JSON.stringify(answer)}`;
    await delay(100);
  }
}

function judgeAudit(audit: Audit | string): Finding[] {
  if (typeof audit === 'string') return [{ guarantee: 'answers', detail: audit }];
  const findings: Finding[] = [];
  const detail = `audit: ${audit.problems.slice(0, 3).join('; ')}`;
  if (!audit.reputationOk) findings.push({ guarantee: 'reputation', detail });
  else if (!audit.ok) findings.push({ guarantee: 'stock', detail });
  return findings;
}

/** What clients sent and heard, against each other and the server. What is on its way is waited for. */
async function judgeHistory(market: Market, { history }: Crowd): Promise<Finding[]> {
  const end = performance.now() + TOLD_WITHIN_MS;
  for (;;) {
    const page = history.page(await readStock(market));
    const checks = judge([page], { totals: market.totals, complete: true });
    const broken = checks.filter(({ kept }) => !kept);
    if (broken.length === 0 || performance.now() > end) {
      return broken.map(({ promise, detail, first }) => ({
        guarantee: OF_PROMISE[nameOf(promise)],
        detail: `${promise}: ${detail}; ${first.slice(0, 2).join('; ')}`,
      }));
    }
    await delay(200);
  }
}

function nameOf(promise: string): PromiseName {
  const found = Object.entries(PROMISES).find(([, text]) => text === promise);
  return (found?.[0] ?? 'told') as PromiseName;
}

function judgeAnswers({ watch }: Crowd): Finding[] {
  const findings: Finding[] = [];
  const { slowest, silences, codes } = watch;
  if (slowest.ms > ANSWER_MS)
    findings.push({ guarantee: 'answers', detail: `${slowest.name} took ${slowest.ms | 0} ms` });
  if (silences.length > 0)
    findings.push({ guarantee: 'answers', detail: `never answered: ${silences.join(', ')}` });
  const internal = codes.get('INTERNAL') ?? 0;
  if (internal > 0) findings.push({ guarantee: 'sound', detail: `${internal} times INTERNAL` });
  return findings;
}

async function judgeServers({ servers }: Scene, memoryBefore: number[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [i, server] of servers.entries()) {
    if (server.hasCrashed) findings.push({ guarantee: 'sound', detail: `server ${i} has crashed` });
    const more = server.residentMb - (memoryBefore[i] ?? 0);
    if (more > MEMORY_MB)
      findings.push({ guarantee: 'memory', detail: `server ${i} grew by ${more | 0} MB` });
    const reason = await lastingUnreadiness(server);
    if (reason !== undefined)
      findings.push({ guarantee: 'answers', detail: `server ${i} is not ready: ${reason}` });
  }
  return findings;
}

async function lastingUnreadiness(server: Server): Promise<string | undefined> {
  const end = performance.now() + READY_WITHIN_MS;
  for (;;) {
    const reason = await server.unreadiness();
    if (reason === undefined || performance.now() > end) return reason;
    await delay(200);
  }
}
