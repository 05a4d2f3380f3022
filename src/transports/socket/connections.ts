import type { Server } from 'socket.io';
import { HOST_COMMANDS, LIVE_COMMANDS } from '../../protocol/commands.js';
import { AppError } from '../../protocol/errors.js';
import type { Identity, Tokens } from '../identity.js';
import { callerKey, requireRole } from '../identity.js';
import { clientAddress } from '../request.js';
import type { Services } from '../services.js';
import type { BookingAcks } from './broadcast/booking-acks.js';
import type { Publisher } from './broadcast/publisher.js';
import { type CommandContext, type ServedCommands, serveCommands, served } from './commands.js';
import { hostHandlers } from './host.js';
import { liveHandlers } from './live.js';
import type { Membership } from './membership.js';
import { shopRoom, viewerRoom } from './rooms.js';
import type { AnySocket } from './server.js';

export interface ConnectionsOptions {
  tokens: Tokens;
  services: Services;
  publisher: Publisher;
  membership: Membership;
  acks: BookingAcks;
  context: CommandContext;
  trustProxy: number;
}

/** Serves both namespaces: who may connect, which events each socket gets and what it may ask. */
export function serveConnections(io: Server, options: ConnectionsOptions): void {
  const { services, publisher, membership, acks } = options;
  const { clock } = options.context;
  const live = liveHandlers(services, publisher, membership, acks, clock);
  const host = hostHandlers(services, publisher, membership, clock);
  serve(io, '/live', false, served(LIVE_COMMANDS, live, ['booking:create']), options);
  serve(io, '/host', true, served(HOST_COMMANDS, host), options);
}

function serve(
  io: Server,
  name: '/live' | '/host',
  hostsOnly: boolean,
  commands: ServedCommands,
  options: ConnectionsOptions,
): void {
  const { membership, context } = options;
  const gauge = context.metrics.sockets.labels({ namespace: name });
  const namespace = io.of(name);
  namespace.use((socket, next) => {
    admit(socket, hostsOnly, options).then(
      () => next(),
      (error: unknown) => next(refusal(error)),
    );
  });
  namespace.on('connection', (socket: AnySocket) => {
    gauge.inc();
    serveCommands(socket, commands, context);
    subscribe(socket, membership, context);
    const watch = watchMember(socket, options.tokens);
    socket.on('disconnect', () => {
      clearInterval(watch);
      gauge.dec();
      membership.detach(socket);
    });
  });
}

async function admit(
  socket: AnySocket,
  hostsOnly: boolean,
  options: ConnectionsOptions,
): Promise<void> {
  await signIn(socket, hostsOnly, options);
  takePlace(socket, options.context.limits);
  const shopId = socket.data.identity?.shopId;
  if (shopId !== undefined) await options.membership.prepare(shopId);
}

/** Counts a viewer's socket for as long as its connection lasts. @throws RATE_LIMITED */
function takePlace(
  { conn, data: { identity } }: AnySocket,
  limits: CommandContext['limits'],
): void {
  if (identity?.role !== 'viewer' || conn.readyState !== 'open') return;
  conn.once('close', limits.viewerSockets.enter(callerKey(identity)));
}

/** A socket without a token may watch; one with a bad token is refused rather than quietly made anonymous. */
async function signIn(
  socket: AnySocket,
  hostsOnly: boolean,
  options: ConnectionsOptions,
): Promise<void> {
  socket.data.lives = new Map();
  socket.data.shops = new Set();
  socket.data.address = clientAddress(socket.request, options.trustProxy);
  const token: unknown = socket.handshake.auth.token;
  const anonymous = token === undefined || token === null || token === '';
  if (anonymous && hostsOnly) throw new AppError('UNAUTHENTICATED');
  if (anonymous) return;
  const identity = await options.tokens.verify(token);
  if (hostsOnly) requireRole(identity, 'host');
  socket.data.identity = identity;
}

/** `connect_error` carries the catalogue's code as message, and the whole error as `data`. */
function refusal(error: unknown): Error {
  const known = error instanceof AppError ? error : new AppError('INTERNAL');
  return Object.assign(new Error(known.code), { data: known.toBody() });
}

/** Subscribes the socket to what concerns it alone; the emitter minds the token's `exp`. */
function subscribe(socket: AnySocket, membership: Membership, context: CommandContext): void {
  const identity = socket.data.identity;
  if (!identity) return;
  void socket.join(privateRoom(identity));
  membership.attach(socket, identity.shopId).catch((error: unknown) => {
    context.log.warn(
      { error: String(error) },
      'the event stream is not followed yet; it will be when the store is back',
    );
  });
}

const RECHECK_MS = 15_000;

/** Whoever the owner puts out of the console gets no more events of it. */
function watchMember(socket: AnySocket, tokens: Tokens): NodeJS.Timeout | undefined {
  const { identity } = socket.data;
  if (!identity?.member) return undefined;
  return setInterval(() => {
    tokens.recheck(identity).catch((error: unknown) => {
      // A store that is away takes nobody's place.
      const isOut = error instanceof AppError && error.code === 'UNAUTHENTICATED';
      if (isOut) socket.disconnect(true);
    });
  }, RECHECK_MS).unref();
}

function privateRoom(identity: Identity): string {
  return identity.role === 'host'
    ? shopRoom(identity.shopId)
    : viewerRoom(identity.shopId, identity.id);
}
