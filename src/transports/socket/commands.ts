import type { Logger } from 'pino';
import type { z } from 'zod';
import type { Metrics } from '../../metrics.js';
import { type Command, LatestArrivalSchema } from '../../protocol/commands.js';
import { AppError } from '../../protocol/errors.js';
import type { RedisClock } from '../../services/redis-clock.js';
import { callerKey, type Identity, requireRole } from '../identity.js';
import type { RateLimits } from '../rate-limit.js';
import { issuesOf } from '../request.js';
import type { Underway } from '../underway.js';
import { withTimeLimit } from '../underway.js';
import type { FrameWriter } from './broadcast/frame-writer.js';
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
  ) => Promise<z.input<Table[Name]['data']> | JsonData>;
};

/** What a command answers, where it is known as JSON: on the path of thousands it is put together as text. */
export class JsonData {
  readonly json: string;

  constructor(json: string) {
    this.json = json;
  }
}

/** A command with what it does. */
interface Served extends Pick<Command, 'role' | 'payload'> {
  /** Minds the time limit itself. */
  bounded: boolean;
  run(caller: Caller<'anyone'>, payload: unknown): Promise<unknown>;
}
export type ServedCommands = ReadonlyMap<string, Served>;

/** Ties the commands of a table to their handlers. @param bounded those that mind the time limit themselves */
export function served<Table extends Record<string, Command>>(
  table: Table,
  handlers: Handlers<Table>,
  bounded: (keyof Table)[] = [],
): ServedCommands {
  return new Map(
    Object.entries<Command>(table).map(([name, { role, payload }]) => {
      // Sound, for `Handlers` has tied each function to its command.
      const run = handlers[name] as unknown as Served['run'];
      return [name, { role, payload, run, bounded: bounded.includes(name) }];
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
  frameWriter: FrameWriter;
  /** Waited for at shutdown. */
  underway: Underway;
  /** What judges commands that come too late. */
  clock: RedisClock;
}

/** A client's event as Socket.IO's parser has read it; `data` is the event's name and its arguments. */
interface EventPacket {
  id?: number;
  data: unknown[];
}

/**
 * The only way a handler is registered: limit → find → authorise → parse → run → ack. Nothing that a client sends can
 * throw out of here, for a throwing listener would end the process. It takes the place of Socket.IO's own `onevent`, which
 * would make an acknowledging function and pass the event through two emitters.
 */
export function serveCommands(
  socket: AnySocket,
  commands: ServedCommands,
  context: CommandContext,
): void {
  const onevent = ({ id, data: [event, payload] }: EventPacket) => {
    if (id === undefined) return ignore(socket, context);
    serveOne(socket, id, String(event), payload, commands, context);
  };
  Object.assign(socket, { onevent });
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

function serveOne(
  socket: AnySocket,
  id: number,
  event: string,
  payload: unknown,
  commands: ServedCommands,
  context: CommandContext,
): void {
  context.underway.begin();
  void answer(socket, event, payload, commands, context).then((json) => {
    try {
      context.frameWriter.acknowledge(socket, id, json);
    } catch (error) {
      context.log.warn({ event, error: String(error) }, 'could not acknowledge');
    } finally {
      context.underway.end();
    }
  });
}

/** JSON of the acknowledgement. */
async function answer(
  socket: AnySocket,
  event: string,
  payload: unknown,
  commands: ServedCommands,
  context: CommandContext,
): Promise<string> {
  const command = commands.get(event);
  const name = command ? event : 'unknown';
  try {
    const data = await runCommand(socket, command, payload, context);
    const json = data instanceof JsonData ? data.json : JSON.stringify(data);
    context.metrics.countCommand(name, 'ok');
    return `{"ok":true,"data":${json}}`;
  } catch (error) {
    const refusal = error instanceof AppError ? error : new AppError('INTERNAL');
    if (refusal.code === 'INTERNAL')
      context.log.error({ event: name, err: error }, 'command failed');
    context.metrics.countCommand(name, refusal.code);
    return JSON.stringify({ ok: false, error: refusal.toBody() });
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
  requireInTime(payload, context.clock);
  const parsed = parse(command.payload, payload);
  const work = command.run({ socket, identity }, parsed);
  return command.bounded ? work : withTimeLimit(work);
}

/** Most commands name no moment, and what is no object has none. */
function requireInTime(payload: unknown, clock: RedisClock): void {
  if (typeof payload !== 'object' || payload === null || !('notAfter' in payload)) return;
  const { notAfter } = parse(LatestArrivalSchema, payload);
  if (notAfter !== undefined && notAfter < (clock.now() ?? 0))
    throw new AppError('VALIDATION', { notAfter: 'is over; nothing was done' });
}

function parse<Schema extends z.ZodType>(schema: Schema, payload: unknown): z.output<Schema> {
  const parsed = schema.safeParse(payload);
  if (!parsed.success) throw new AppError('VALIDATION', { issues: issuesOf(parsed.error) });
  return parsed.data;
}
