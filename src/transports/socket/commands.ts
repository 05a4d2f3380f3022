import type { Logger } from 'pino';
import type { z } from 'zod';
import type { Metrics } from '../../metrics.js';
import { AppError } from '../../protocol/errors.js';
import { EmptySchema, LatestArrivalSchema } from '../../protocol/events.js';
import type { RedisClock } from '../../services/redis-clock.js';
import { callerKey, type Identity, requireRole } from '../identity.js';
import { issuesOf } from '../issues.js';
import type { RateLimits } from '../rate-limit.js';
import { withTimeLimit } from '../time-limit.js';
import type { Underway } from '../underway.js';
import type { Outbox } from './outbox.js';
import type { AnySocket } from './server.js';

/** What a handler gets to know of the caller. */
export interface Caller<Role extends Identity['role'] | 'anyone'> {
  socket: AnySocket;
  identity: Role extends 'anyone' ? Identity | undefined : Identity;
}

/** One command: who may give it, what it takes, what it does. Built with `command()`. */
export interface Handler {
  role: Identity['role'] | 'anyone';
  schema: z.ZodType;
  run(caller: Caller<'anyone'>, payload: unknown): Promise<unknown>;
}

/** Ties a schema to the function that takes what it parses. */
export function command<Role extends Identity['role'] | 'anyone', Schema extends z.ZodType>(
  role: Role,
  schema: Schema,
  run: (caller: Caller<Role>, payload: z.output<Schema>) => Promise<unknown>,
): Handler {
  return { role, schema, run: run as Handler['run'] };
}

/** A sign of life, asked for while nothing else comes: it must not wait for the store. */
export function pingHandler({ clock }: CommandContext): Handler {
  return command('anyone', EmptySchema, async () => {
    const now = clock.now();
    return now === undefined ? {} : { serverTime: Math.round(now) };
  });
}

export interface CommandContext {
  log: Logger;
  metrics: Metrics;
  limits: Pick<RateLimits, 'commands' | 'anonymousCommands' | 'viewerSockets'>;
  outbox: Outbox;
  /** Waited for at shutdown. */
  underway: Underway;
  /** What commands that come too late are told by. */
  clock: RedisClock;
}

type Ack = (answer: unknown) => void;

/**
 * The only way a handler is registered: limit → find → authorise → parse → run → ack. Nothing that a client sends can
 * throw out of here, for a throwing listener would end the process.
 */
export function serveCommands(
  socket: AnySocket,
  handlers: Record<string, Handler>,
  context: CommandContext,
): void {
  socket.onAny((event: unknown, ...args: unknown[]) => {
    const ack = args.at(-1);
    if (typeof ack !== 'function') return ignore(socket, context);
    const payload = args.length > 1 ? args[0] : undefined;
    void serveOne(socket, String(event), payload, ack as Ack, handlers, context);
  });
}

/** Without an acknowledgement the caller could never learn the outcome, so nothing is done; but it counts. */
function ignore(socket: AnySocket, context: CommandContext): void {
  try {
    takeFromLimits(socket, context);
  } catch {
    // There is no way to say so.
  }
}

/** Anybody may open sockets without a token, so those share what their address may; each of them has its own share too. */
function takeFromLimits({ id, data }: AnySocket, { limits }: CommandContext): void {
  limits.commands.take(data.identity ? callerKey(data.identity) : `socket ${id}`);
  if (!data.identity) limits.anonymousCommands.take(data.address);
}

async function serveOne(
  socket: AnySocket,
  event: string,
  payload: unknown,
  ack: Ack,
  handlers: Record<string, Handler>,
  context: CommandContext,
): Promise<void> {
  context.underway.begin();
  const reply = await answer(socket, event, payload, handlers, context);
  try {
    // What else this turn has for the viewer goes with the answer.
    context.outbox.gather(socket);
    ack(reply);
  } catch (error) {
    context.log.warn({ event, error: String(error) }, 'could not acknowledge');
  } finally {
    context.underway.end();
  }
}

async function answer(
  socket: AnySocket,
  event: string,
  payload: unknown,
  handlers: Record<string, Handler>,
  context: CommandContext,
): Promise<unknown> {
  const handler = Object.hasOwn(handlers, event) ? handlers[event] : undefined;
  const name = handler ? event : 'unknown';
  try {
    const data = await runHandler(socket, handler, payload, context);
    context.metrics.countCommand(name, 'ok');
    return { ok: true, data };
  } catch (error) {
    const refusal = error instanceof AppError ? error : new AppError('INTERNAL');
    if (refusal.code === 'INTERNAL')
      context.log.error({ event: name, err: error }, 'command failed');
    context.metrics.countCommand(name, refusal.code);
    return { ok: false, error: refusal.toBody() };
  }
}

function runHandler(
  socket: AnySocket,
  handler: Handler | undefined,
  payload: unknown,
  context: CommandContext,
): Promise<unknown> {
  takeFromLimits(socket, context);
  const identity: Identity | undefined = socket.data.identity;
  if (!handler) throw new AppError('VALIDATION', { event: 'is not a command' });
  if (handler.role !== 'anyone') requireRole(identity, handler.role);
  const { notAfter } = parse(LatestArrivalSchema, payload);
  if (notAfter !== undefined && notAfter < (context.clock.now() ?? 0)) {
    throw new AppError('VALIDATION', { notAfter: 'is over; nothing was done' });
  }
  const parsed = parse(handler.schema, payload);
  return withTimeLimit(handler.run({ socket, identity }, parsed));
}

function parse<Schema extends z.ZodType>(schema: Schema, payload: unknown): z.output<Schema> {
  const parsed = schema.safeParse(payload);
  if (!parsed.success) throw new AppError('VALIDATION', { issues: issuesOf(parsed.error) });
  return parsed.data;
}
