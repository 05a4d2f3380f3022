import type { Logger } from 'pino';
import type { z } from 'zod';
import type { Metrics } from '../../metrics.js';
import { type Command, LatestArrivalSchema } from '../../protocol/commands.js';
import { AppError } from '../../protocol/errors.js';
import type { RedisClock } from '../../services/redis-clock.js';
import { callerKey, type Identity, requireRole } from '../identity.js';
import { issuesOf } from '../issues.js';
import type { RateLimits } from '../rate-limit.js';
import { withTimeLimit } from '../time-limit.js';
import type { Underway } from '../underway.js';
import type { Outbox } from './outbox.js';
import type { AnySocket } from './server.js';

/** What a handler gets to know of the caller. */
interface Caller<Role extends Command['role']> {
  socket: AnySocket;
  identity: Role extends 'anyone' ? Identity | undefined : Identity;
}

/** What each command of a table does. */
export type Handlers<Table extends Record<string, Command>> = {
  [Name in keyof Table]: (
    caller: Caller<Table[Name]['role']>,
    payload: z.output<Table[Name]['payload']>,
  ) => Promise<z.input<Table[Name]['data']>>;
};

/** A command with what it does. */
interface Served extends Pick<Command, 'role' | 'payload'> {
  run(caller: Caller<'anyone'>, payload: unknown): Promise<unknown>;
}
export type ServedCommands = ReadonlyMap<string, Served>;

/** Ties the commands of a table to their handlers. */
export function served<Table extends Record<string, Command>>(
  table: Table,
  handlers: Handlers<Table>,
): ServedCommands {
  return new Map(
    Object.entries<Command>(table).map(([name, { role, payload }]) => {
      // Sound, for `Handlers` has tied each function to its command.
      const run = handlers[name] as unknown as Served['run'];
      return [name, { role, payload, run }];
    }),
  );
}

/** A sign of life, asked for while nothing else comes: it must not wait for the store. */
export function pingHandler(clock: RedisClock) {
  return async (): Promise<{ serverTime?: number }> => {
    const now = clock.now();
    return now === undefined ? {} : { serverTime: Math.round(now) };
  };
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
  commands: ServedCommands,
  context: CommandContext,
): void {
  socket.onAny((event: unknown, ...args: unknown[]) => {
    const ack = args.at(-1);
    if (typeof ack !== 'function') return ignore(socket, context);
    const payload = args.length > 1 ? args[0] : undefined;
    void serveOne(socket, String(event), payload, ack as Ack, commands, context);
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
  commands: ServedCommands,
  context: CommandContext,
): Promise<void> {
  context.underway.begin();
  const reply = await answer(socket, event, payload, commands, context);
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
  commands: ServedCommands,
  context: CommandContext,
): Promise<unknown> {
  const command = commands.get(event);
  const name = command ? event : 'unknown';
  try {
    const data = await runCommand(socket, command, payload, context);
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

function runCommand(
  socket: AnySocket,
  command: Served | undefined,
  payload: unknown,
  context: CommandContext,
): Promise<unknown> {
  takeFromLimits(socket, context);
  const identity: Identity | undefined = socket.data.identity;
  if (!command) throw new AppError('VALIDATION', { event: 'is not a command' });
  if (command.role !== 'anyone') requireRole(identity, command.role);
  const { notAfter } = parse(LatestArrivalSchema, payload);
  if (notAfter !== undefined && notAfter < (context.clock.now() ?? 0)) {
    throw new AppError('VALIDATION', { notAfter: 'is over; nothing was done' });
  }
  const parsed = parse(command.payload, payload);
  return withTimeLimit(command.run({ socket, identity }, parsed));
}

function parse<Schema extends z.ZodType>(schema: Schema, payload: unknown): z.output<Schema> {
  const parsed = schema.safeParse(payload);
  if (!parsed.success) throw new AppError('VALIDATION', { issues: issuesOf(parsed.error) });
  return parsed.data;
}
