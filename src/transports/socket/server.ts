import type { Server as HttpServer, IncomingMessage } from 'node:http';
import { type Namespace, Server, type Socket } from 'socket.io';
import type { HostCommands, HostEvents, LiveCommands, LiveEvents } from '../../protocol/events.js';
import { clientAddress } from '../address.js';
import type { Identity } from '../identity.js';
import type { RateLimits } from '../rate-limit.js';

/** What the server remembers of a socket. */
interface SocketData {
  identity?: Identity;
  address: string;
  /** Shops whose feed runs for this socket. */
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
    perMessageDeflate: false,
    httpCompression: false,
    serveClient: false,
    allowEIO3: false,
    cleanupEmptyChildNamespaces: true,
    ...(corsOrigins === '*' || corsOrigins.length > 0 ? { cors: { origin: corsOrigins } } : {}),
    // CORS does not cover WebSocket, so the origin is checked here for every transport.
    allowRequest: (request, answer) => {
      if (!originAllowed(request, corsOrigins)) return answer('origin not allowed', false);
      const opening = !request.url?.includes('sid=');
      answer(null, !opening || connectionAllowed(limits, clientAddress(request, trustProxy)));
    },
  });
  return {
    io,
    live: io.of('/live') as unknown as LiveNamespace,
    host: io.of('/host') as unknown as HostNamespace,
  };
}

function connectionAllowed(limits: RateLimits, address: string): boolean {
  try {
    limits.connections.take(address);
    return true;
  } catch {
    return false;
  }
}

/** A browser always sends the origin of the page; other clients send none. */
function originAllowed(request: IncomingMessage, corsOrigins: string[] | '*'): boolean {
  const origin = request.headers.origin;
  if (origin === undefined || corsOrigins === '*' || corsOrigins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === request.headers.host;
}
