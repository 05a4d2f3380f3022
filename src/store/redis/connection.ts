import { createClient, RESP_TYPES, type RedisClientType } from 'redis';
import { AppError } from '../../protocol/errors.js';
import { TimeLimit } from '../../time-limit.js';
import type { Troubles } from './troubles.js';

/** An entry of a stream: its id, and its fields and their values in turn. */
interface RawEntry {
  id: string;
  message: string[];
}

/**
 * A client of one Redis server. Entries of streams stay lists: the client would make an object of each, and names of fields
 * that are never the same twice cost the engine a hidden class each.
 */
export type RedisNode = Omit<RedisClientType, 'xRange'> & {
  xRange(
    key: string,
    start: string,
    end: string,
    options?: { COUNT?: number },
  ): Promise<RawEntry[] | null>;
};

/** Every command that the store uses. Each is about one key, or about the keys of one slot, named first. */
export const COMMANDS = [
  ...([
    'del',
    'eval',
    'evalSha',
    'expire',
    'get',
    'hGetAll',
    'hScan',
    'hSet',
    'hSetNX',
    'hVals',
    'hmGet',
  ] as const),
  ...(['lLen', 'lRange', 'pExpire', 'set', 'xRange'] as const),
  ...([
    'zAdd',
    'zCount',
    'zRange',
    'zRangeWithScores',
    'zRem',
    'zRemRangeByRank',
    'zRemRangeByScore',
    'zRevRank',
    'zScan',
  ] as const),
] as const;

/** What answers to them: one server, a cluster, or whichever server is master. */
export type Redis = Pick<RedisNode, (typeof COMMANDS)[number]> & { readonly isReady: boolean };

/** The ways to Redis differ in where a command goes. All refuse at once, rather than queue, while that place is away. */
export interface Connection {
  readonly redis: Redis;
  /** Lua that stands before every script. */
  readonly scriptPrefix: string;
  /** Resolves once there is somebody to serve, however long that takes. Rejects when it is closed before. */
  open(): Promise<void>;
  close(): Promise<void>;
  /** Calls back each time a master is there (again), be it the same or another. */
  onReady(listener: () => void): void;
  readonly isCluster: boolean;
  /** The masters that are known, by address. */
  masters(): Map<string, RedisNode>;
  /** By a master's address, a `storeKey` that is kept there. */
  homes(): Map<string, string>;
  /** Calls back when something is published on the channel; answers how to stop. */
  onBell(channel: string, ring: () => void): Promise<() => Promise<void>>;
}

/** Our own bound on a command, ms: the client's covers only commands that are not written yet. */
const COMMAND_DEADLINE_MS = 2_000;
/**
 * A connection silent for this long, though pinged, is dropped. Well over the longest stall of our own event loop: when
 * thousands join at once, it is we who have not read for seconds.
 */
const SILENCE_MS = 10_000;
/** Commands in flight; past this the server is better off refusing than remembering. */
const QUEUE_LIMIT = 50_000;

/** 50 ms, doubling to at most 1 s, for ever: the client's default gives up after a socket timeout. */
function reconnectDelay(retries: number): number {
  return Math.min(50 * 2 ** Math.min(retries, 5), 1_000) + Math.floor(Math.random() * 50);
}

/**
 * A client that reconnects for ever and refuses at once, rather than queues, while it is away.
 * @param troubles learns what keeps it away
 */
export function createRedis(url: string, name: string, troubles: Troubles): RedisNode {
  const client = createClient({
    url,
    name,
    disableOfflineQueue: true,
    commandsQueueMaxLength: QUEUE_LIMIT,
    // Ours is `withDeadline`; the client's own would make an AbortSignal for every command.
    commandOptions: { timeout: 0 },
    pingInterval: 1_000,
    // Of Redis Enterprise alone; asking for it needs the address in a form that sockets do not have.
    maintNotifications: 'disabled',
    socket: { reconnectStrategy: reconnectDelay, connectTimeout: 2_000, socketTimeout: SILENCE_MS },
  });
  const address = addressOf(url);
  client.on('error', (error: Error) => troubles.note(address, error));
  client.on('ready', () => troubles.over(address));
  const lists = client.withTypeMapping({ [RESP_TYPES.MAP]: Array });
  const xRange = lists.xRange.bind(lists);
  return Object.assign(client, { xRange }) as unknown as RedisNode;
}

/** Where a server is, without the login. */
export function addressOf(url: string): string {
  return url.replace(/^\w+:\/\/([^@/]*@)?/, '');
}

/** Ends a client. What is in flight is waited for, but not for long: Redis may be frozen. */
export async function closeRedis(client: RedisNode): Promise<void> {
  if (client.isReady) await closing.within(client.close()).catch(() => client.destroy());
  else if (client.isOpen) client.destroy();
}

const UNAVAILABLE =
  /^(OOM|LOADING|MISCONF|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|NOREPLICAS|BUSY|MOVED|ASK|UNBLOCKED|NOAUTH|WRONGPASS|NOPERM)\b|can't (run|access)|non local key|cluster is down|socket|clos|connect|offline|ECONN|EPIPE|timeout|queue is full/i;

/** What the client and Redis say when the store cannot serve, in the catalogue's word; other errors as they are. */
function storeError(error: unknown): unknown {
  if (error instanceof AppError) return error;
  const text = error instanceof Error ? `${error.message} ${error.name}` : String(error);
  if (!UNAVAILABLE.test(text)) return error;
  return Object.assign(new AppError('STORE_UNAVAILABLE'), { cause: error });
}

/** Why Redis could not serve, in its own words. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return reasonOf(error.cause);
  if (error instanceof AppError) return 'does not answer';
  // Of an error in a script, Redis adds which script and line.
  return error.message.replace(/ (script: [0-9a-f]{40}|@user_script).*$/s, '');
}

const closing = new TimeLimit(1_000, () => new AppError('STORE_UNAVAILABLE'));
const deadline = new TimeLimit(COMMAND_DEADLINE_MS, () => new AppError('STORE_UNAVAILABLE'));

/**
 * Answers within `COMMAND_DEADLINE_MS`, whatever Redis does. A command cut off here may still be executed:
 * that is why the answer is `STORE_UNAVAILABLE` and commands carry a request id.
 */
export async function withDeadline<T>(work: Promise<T>): Promise<T> {
  try {
    return await deadline.within(work);
  } catch (error) {
    throw storeError(error);
  }
}
