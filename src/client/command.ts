import type { Ack, HostCommands, LiveCommands } from '../protocol/commands.js';
import type { HostEvents, LiveEvents } from '../protocol/events.js';
import { elapsed, moment, type ServerClock } from './clock.js';
import { LiveholdError } from './errors.js';

export interface Namespaces {
  '/live': { commands: LiveCommands; events: LiveEvents };
  '/host': { commands: HostCommands; events: HostEvents };
}
export type Namespace = keyof Namespaces;
export type Commands<N extends Namespace> = Namespaces[N]['commands'];

type PayloadOf<Command> = Command extends (payload: infer Payload, ack: never) => void
  ? Payload
  : never;

/** What the caller gives: a request id that is left out is made. */
export type Given<Command> =
  PayloadOf<Command> extends infer Payload
    ? Payload extends { requestId: string }
      ? Omit<Payload, 'requestId'> & { requestId?: string }
      : Payload
    : never;

export type DataOf<Command> = Command extends (
  payload: never,
  ack: (answer: Ack<infer Data>) => void,
) => void
  ? Data
  : never;

export interface CommandOptions {
  /** How long one attempt waits for its answer, ms [6000]. The server answers within 5 s. */
  timeoutMs?: number;
  /** How long a command with a request id is tried again while its outcome is unknown, ms [15000]. */
  patienceMs?: number;
}

/** What a command needs of the connection. */
export interface Line {
  readonly isOnline: boolean;
  readonly clock: ServerClock;
  /** One attempt. @throws LiveholdError */
  send(event: string, payload: object, limitMs: number): Promise<unknown>;
  /** False when that took too long. */
  whenOnline(withinMs: number): Promise<boolean>;
}

const TIMEOUT_MS = 6_000;
const PATIENCE_MS = 15_000;
const PAUSE_MS = { least: 300, most: 900 };
/** An attempt with less than this left could hardly be answered in time. */
const TOO_LATE_MS = 200;

/** Which commands have a field for a request id; one without fields has `string` for its keys. */
type Requests<C> = {
  [Event in keyof C as string extends keyof PayloadOf<C[Event]>
    ? never
    : 'requestId' extends keyof PayloadOf<C[Event]>
      ? Event
      : never]: true;
};

/** Commands that carry a request id and so can be repeated. */
const REPEATABLE: Readonly<Record<string, true>> = {
  'booking:create': true,
  'booking:cancel': true,
  'waitlist:join': true,
  'order:place': true,
} satisfies Requests<LiveCommands>;

/** Commands that change nothing, so that it does no harm when they arrive late. */
const READS: ReadonlySet<string> = new Set(['live:join', 'live:leave', 'me:get', 'ping']);

/**
 * Gives a command and answers its data. While offline it fails at once with `OFFLINE`, and nothing is sent then or later.
 * A command with a request id whose outcome is unknown is sent again with the same id, when the connection is back, until
 * `patienceMs` are over. Each attempt names the moment (`notAfter`) at which the caller's promise is rejected, and the server
 * refuses whatever arrives after that: bytes that waited in a dead connection cannot become a purchase.
 * @throws LiveholdError
 */
export async function runCommand(
  line: Line,
  event: string,
  given: object,
  { timeoutMs = TIMEOUT_MS, patienceMs = PATIENCE_MS }: CommandOptions = {},
): Promise<unknown> {
  const repeatable = event in REPEATABLE;
  const payload = repeatable ? { requestId: newRequestId(), ...given } : given;
  const begun = moment();
  const left = () => (repeatable ? patienceMs : timeoutMs) - elapsed(begun);
  let unknown: unknown;
  for (;;) {
    try {
      return await attempt(line, event, payload, left(), timeoutMs);
    } catch (error) {
      if (!repeatable) throw error;
      if (isUnknown(error)) unknown = error;
      // Offline before the first attempt: nothing was ever sent. Later: there is still something to find out.
      else if (!isOffline(error) || unknown === undefined) throw error;
    }
    if (left() > TOO_LATE_MS) await pauseBetweenAttempts();
    if (left() > TOO_LATE_MS) await line.whenOnline(left());
    if (left() < TOO_LATE_MS) throw unknown;
  }
}

async function attempt(
  line: Line,
  event: string,
  payload: object,
  leftMs: number,
  timeoutMs: number,
): Promise<unknown> {
  if (!line.isOnline) throw new LiveholdError('OFFLINE');
  const limitMs = Math.min(leftMs, timeoutMs);
  if (READS.has(event)) return line.send(event, payload, limitMs);
  const { clock } = line;
  if (!clock.isKnown) await line.send('ping', {}, limitMs);
  if (!clock.isKnown) return line.send(event, payload, limitMs);
  const notAfter = Math.floor(clock.now() + leftMs - clock.uncertaintyMs);
  return line.send(event, { ...payload, notAfter }, limitMs);
}

/** A fresh id that makes a command safe to repeat. `crypto.randomUUID` wants https; a LAN test has none. */
export function newRequestId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The server may or may not have carried it out; the same request id finds out, and nothing happens twice. */
export function isUnknown(error: unknown): boolean {
  if (!(error instanceof LiveholdError)) return false;
  return error.code === 'TIMEOUT' || error.code === 'STORE_UNAVAILABLE';
}

function isOffline(error: unknown): boolean {
  return error instanceof LiveholdError && error.code === 'OFFLINE';
}

/** With some spread, so that a server in trouble is not asked by everybody at once. */
export function pauseBetweenAttempts(): Promise<void> {
  const ms = PAUSE_MS.least + Math.random() * (PAUSE_MS.most - PAUSE_MS.least);
  return new Promise((resolve) => setTimeout(resolve, ms));
}
