import type { Server as HttpServer, IncomingMessage } from 'node:http';
import { type Namespace, Server, type Socket } from 'socket.io';
import { Decoder, Encoder, PacketType } from 'socket.io-parser';
import type { HostCommands, LiveCommands } from '../../protocol/commands.js';
import { AppError } from '../../protocol/errors.js';
import type { HostEvents, LiveEvents } from '../../protocol/events.js';
import type { Identity } from '../identity.js';
import type { RateLimits } from '../rate-limit.js';
import { clientAddress } from '../request.js';
import { COMPRESSION, CompressingServer } from './compression.js';

/** What the server remembers of a socket. */
interface SocketData {
  identity?: Identity;
  address: string;
  /** Shops whose event stream is followed for this socket. */
  shops: Set<string>;
  /** Lives joined: liveId → shopId. */
  lives: Map<string, string>;
}

/** Any of our sockets, of either namespace. */
// biome-ignore lint/suspicious/noExplicitAny: Socket's four event maps are invariant, so only any spans both namespaces
export type AnySocket = Socket<any, any, any, SocketData>;

type None = Record<string, never>;
export type LiveNamespace = Namespace<LiveCommands, LiveEvents, None, SocketData>;
export type HostNamespace = Namespace<HostCommands, HostEvents, None, SocketData>;

/** A payload of a command is a few hundred bytes. */
const MAX_MESSAGE_BYTES = 16_384;
const CONNECT_TIMEOUT_MS = 5_000;
/** `readyState` of a WebSocket whose TCP connection is gone. */
const WS_CLOSED = 3;
/** How long a client whose connection this server has ended may take to close its side, ms. */
const CLOSING_MS = 1_000;
/** `/live` and `/host`, and some that do not exist: those are refused one by one, with an answer each. */
const MOST_NAMESPACES = 4;

export interface SocketServerOptions {
  corsOrigins: string[] | '*';
  trustProxy: number;
  limits: RateLimits;
}

export interface SocketServer {
  io: Server;
  live: LiveNamespace;
  host: HostNamespace;
}

/** The Socket.IO server with every bound set; handlers are registered elsewhere. */
export function createSocketServer(http: HttpServer, options: SocketServerOptions): SocketServer {
  const { corsOrigins, limits, trustProxy } = options;
  const io = new Server(http, {
    maxHttpBufferSize: MAX_MESSAGE_BYTES,
    connectTimeout: CONNECT_TIMEOUT_MS,
    parser: { Encoder, Decoder: OneSocketDecoder },
    perMessageDeflate: COMPRESSION,
    wsEngine: CompressingServer,
    httpCompression: false,
    serveClient: false,
    allowEIO3: false,
    cleanupEmptyChildNamespaces: true,
    ...(corsOrigins === '*' || corsOrigins.length > 0 ? { cors: { origin: corsOrigins } } : {}),
    // CORS does not cover WebSocket, so the origin is checked here for every transport.
    allowRequest: (request, answer) => {
      if (!originAllowed(request, corsOrigins)) return answer('origin not allowed', false);
      // Asked for new connections alone: what names a connection that is open has been looked up by its query's sid before.
      void refusalOf(limits, clientAddress(request, trustProxy)).then((refusal) =>
        answer(refusal, refusal === null),
      );
    },
  });
  io.engine.on('connection', (connection: EngineConnection) => {
    cutWhenClosed(connection);
    countConnection(connection, limits, trustProxy);
  });
  // Socket.IO's default namespace has no commands and asks for no token, so nobody may stay in it.
  io.use((_, next) => next(new Error('Invalid namespace')));
  return {
    io,
    live: io.of('/live') as unknown as LiveNamespace,
    host: io.of('/host') as unknown as HostNamespace,
  };
}

/**
 * Lets a connection ask for each namespace once. Socket.IO itself makes a socket of every CONNECT packet that arrives before
 * the first has been admitted, and admission waits for a token to be verified: thousands fit into one TCP segment. Judged
 * here, in the same turn in which the packet is read, the second one makes no socket; what a decoder throws ends the
 * connection. A client that was refused, or that left a namespace, comes back over a new connection.
 */
class OneSocketDecoder extends Decoder {
  constructor() {
    super();
    const asked = new Set<string>();
    this.on('decoded', ({ type, nsp }) => {
      if (type !== PacketType.CONNECT) return;
      if (asked.has(nsp) || asked.size === MOST_NAMESPACES)
        throw new Error('more CONNECT packets than a client sends');
      asked.add(nsp);
    });
  }
}

/** The part of an Engine.IO connection that is used here; its types keep the WebSocket to themselves. */
interface EngineConnection {
  request: IncomingMessage;
  once(event: 'close', listener: () => void): void;
  close(discard: boolean): void;
  transport: { socket?: { readyState: number; terminate(): void } };
}

/** After a connection has ended, ws keeps its TCP socket for 30 s more when the client does not close its side. */
function cutWhenClosed(connection: EngineConnection): void {
  connection.once('close', () => {
    const { socket } = connection.transport;
    if (socket && socket.readyState !== WS_CLOSED)
      setTimeout(() => socket.terminate(), CLOSING_MS).unref();
  });
}

/** Why a new connection is turned away, which stands in the answer to the handshake; or null. */
async function refusalOf(limits: RateLimits, address: string): Promise<string | null> {
  try {
    limits.openConnections.check(address);
    await limits.connections.take(address);
    return null;
  } catch (error) {
    return error instanceof AppError ? error.code : 'INTERNAL';
  }
}

/** Between the handshake's check and this moment others may have come in, so this is what decides. */
function countConnection(connection: EngineConnection, limits: RateLimits, proxies: number): void {
  try {
    const leave = limits.openConnections.enter(clientAddress(connection.request, proxies));
    connection.once('close', leave);
  } catch {
    connection.close(true);
  }
}

/** A browser always sends the origin of the page; other clients send none. */
function originAllowed(request: IncomingMessage, corsOrigins: string[] | '*'): boolean {
  const origin = request.headers.origin;
  if (origin === undefined || corsOrigins === '*' || corsOrigins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === request.headers.host;
}
