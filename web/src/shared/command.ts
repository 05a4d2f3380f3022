import type { Ack } from '../../../src/protocol/events.js';
import type { LiveholdSocket, Namespace, Namespaces } from './connection.js';
import type { CommandError } from './errorText.js';

export type Commands<N extends Namespace> = Namespaces[N]['commands'];

export type PayloadOf<Command> = Command extends (payload: infer Payload, ack: never) => void
  ? Payload
  : never;
export type DataOf<Command> = Command extends (
  payload: never,
  ack: (answer: Ack<infer Data>) => void,
) => void
  ? Data
  : never;

export type Outcome<Data> = { ok: true; data: Data } | { ok: false; error: CommandError };

export interface CommandOptions {
  /** How long one attempt waits for its answer. */
  timeoutMs?: number;
  /** How long a command with a `requestId` is tried again while its outcome is unknown. */
  patienceMs?: number;
}

/** There is no connection to ask over; nothing was sent. */
export const OFFLINE = {
  ok: false,
  error: { code: 'OFFLINE', message: 'Not connected.' },
} as const satisfies Outcome<never>;
/** Sent, but not answered: whether it happened is not known. */
const TIMEOUT = {
  ok: false,
  error: { code: 'TIMEOUT', message: 'No answer.' },
} as const satisfies Outcome<never>;

const TIMEOUT_MS = 6_000;
const PATIENCE_MS = 25_000;
const PAUSE_BETWEEN_ATTEMPTS_MS = 600;

/**
 * Sends a command and tells what came of it; never throws. While disconnected it fails at once: a tap must
 * not turn into a purchase minutes later. A command with a `requestId` whose outcome is unknown (no answer,
 * or the connection broke under it) is sent again with the same id when the connection is back, for the
 * server then gives the first outcome and nothing happens twice.
 */
export async function command<N extends Namespace, E extends keyof Commands<N> & string>(
  socket: LiveholdSocket<N>,
  event: E,
  payload: PayloadOf<Commands<N>[E]>,
  options: CommandOptions = {},
): Promise<Outcome<DataOf<Commands<N>[E]>>> {
  if (!socket.raw.connected) return OFFLINE;
  const repeatable = typeof payload === 'object' && payload !== null && 'requestId' in payload;
  const giveUpAt = performance.now() + (options.patienceMs ?? PATIENCE_MS);
  for (;;) {
    const outcome = await attempt<DataOf<Commands<N>[E]>>(
      socket,
      event,
      payload,
      options.timeoutMs ?? TIMEOUT_MS,
    );
    if (!repeatable || outcome.ok || !isUnknown(outcome.error)) return outcome;
    await pause(PAUSE_BETWEEN_ATTEMPTS_MS);
    const left = giveUpAt - performance.now();
    if (left <= 0 || !(await connected(socket, left))) return outcome;
  }
}

/** A fresh id that makes a command safe to repeat. `crypto.randomUUID` wants https; a LAN test has none. */
export function newRequestId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function attempt<Data>(
  socket: LiveholdSocket<Namespace>,
  event: string,
  payload: unknown,
  timeoutMs: number,
): Promise<Outcome<Data>> {
  return new Promise((resolve) => {
    socket.raw.timeout(timeoutMs).emit(event, payload, (lost: Error | null, answer: Ack<Data>) => {
      resolve(lost === null ? answer : TIMEOUT);
    });
  });
}

function isUnknown(error: CommandError): boolean {
  return error.code === 'TIMEOUT' || error.code === 'STORE_UNAVAILABLE';
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Waits until the socket is connected; false when that took too long. */
function connected(socket: LiveholdSocket<Namespace>, withinMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => finish(false), withinMs);
    const stop = socket.onConnect(() => queueMicrotask(() => finish(true)));
    function finish(result: boolean): void {
      clearTimeout(timer);
      stop();
      resolve(result);
    }
  });
}
