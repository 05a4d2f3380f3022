import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { z } from 'zod';
import { AppError } from '../protocol/errors.js';
import { shopIdOf, shopKey } from './keys.js';
import type { PastRecords } from './past.js';
import {
  type Connection,
  type Redis,
  type RedisNode,
  reasonOf,
  withDeadline,
} from './redis/connection.js';
import { connectionTo } from './redis/open.js';
import { checkRequirements } from './redis/requirements.js';
import { StoreUnfitError, Troubles } from './redis/troubles.js';
import type { Script } from './scripts/define.js';
import { RefusalSchema, scripts } from './scripts/index.js';

/** What a script call has done: orders by the status they came to, units that went back to the public by reason. */
const CountedSchema = z.object({
  orders: z.record(z.string(), z.int()).optional(),
  released: z.record(z.string(), z.int()).optional(),
});
type Counted = z.infer<typeof CountedSchema>;

/** A deadline that a script call has set, and Redis's clock; epoch ms, both. */
const DueSchema = z.tuple([z.int(), z.int()]);
type DueListener = (shopId: string, at: number, now: number) => void;

export interface StoreObserver {
  /** Called after every script call: its name, and how long it took from call to answer, in seconds. */
  script(name: string, seconds: number): void;
  /** Called with what a call of this server has done, whether or not its own command was then refused. */
  counted(counted: Counted): void;
}

/** What Redis could not be asked at the start is asked again after this time, ms. */
const CHECK_AGAIN_MS = 250;

/** Steps of at most 200 endings (`lib/due.lua`); far more than one shop can have due at once. */
const MAX_STEPS = 5_000;

/**
 * The one door to Redis. Rules live in the scripts; this runs them, bounds them in time and turns their
 * refusals into the catalogue's errors.
 */
export class Store {
  /** What has left Redis, where an archive has it. */
  past: PastRecords | undefined;
  private connection: Connection | undefined;
  private state: 'starting' | 'open' | 'closed' = 'starting';
  private readonly listeners: (() => void)[] = [];
  private dueListener: DueListener = () => {};
  private readonly troubles: Troubles;
  /** Scripts with what the connection puts before them, by name. */
  private readonly prefixed = new Map<string, { source: string; sha: string }>();
  private readonly log: Logger;
  private readonly observer: StoreObserver;

  constructor(log: Logger, observer: StoreObserver) {
    this.log = log;
    this.observer = observer;
    this.troubles = new Troubles(log);
  }

  /**
   * Resolves when there is a Redis to serve with, however long that takes; until then everything is refused with
   * `STORE_UNAVAILABLE`. Throws a `StoreUnfitError` when no waiting would help, and when it is closed meanwhile.
   * @param name `livehold` is a server's: a private Redis that has one listed is in use
   */
  async open(url: string, name = 'livehold'): Promise<void> {
    this.requireWanted();
    const connection = connectionTo(url, this.troubles, this.log, name);
    this.connection = connection;
    connection.onReady(() => this.startOver());
    const fit = connection.open().then(() => this.untilFit(connection));
    await Promise.race([fit, this.troubles.hopeless]);
    this.requireWanted();
    this.state = 'open';
  }

  /** Whether it has been opened and not closed. */
  get isOpen(): boolean {
    return this.state === 'open';
  }

  /** Whether somebody is there to serve. */
  get isReady(): boolean {
    return this.isOpen && this.connection?.redis.isReady === true;
  }

  /** Why nobody is, in one line, if the connections know. */
  get trouble(): string | undefined {
    return this.troubles.summary;
  }

  /** Runs a script on a shop. Throws the script's refusal as an `AppError`. */
  run<Reply>(script: Script<Reply>, shopId: string, args: string[]): Promise<Reply> {
    return this.runAt(script, shopKey(shopId), args);
  }

  /** The same on a key that is no shop's. */
  async runAt<Reply>(script: Script<Reply>, key: string, args: string[]): Promise<Reply> {
    for (let step = 0; step < MAX_STEPS; step++) {
      const reply = await this.stepAt(script, key, args);
      if (!(reply as { retry?: boolean }).retry) return script.reply.parse(reply);
    }
    throw new AppError('STORE_UNAVAILABLE');
  }

  /** One call, whose answer may be `{ retry: true }`: more is due than one call ends, and the command was not judged. */
  step<Reply>(script: Script<Reply>, shopId: string, args: string[]): Promise<unknown> {
    return this.stepAt(script, shopKey(shopId), args);
  }

  /** Redis's clock at the shop, epoch ms: the only clock that decides. */
  clock(shopId: string): Promise<number> {
    return this.clockAt(shopKey(shopId));
  }

  /** The same at a key that is no shop's. */
  async clockAt(key: string): Promise<number> {
    return (await this.runAt(scripts.clock, key, [])).now;
  }

  private async stepAt(script: Script<unknown>, key: string, args: string[]): Promise<unknown> {
    const started = performance.now();
    const raw = await withDeadline(this.evaluate(script, key, args));
    this.observer.script(script.name, (performance.now() - started) / 1_000);
    const reply = readReply(raw);
    if (reply.due) this.dueListener(shopIdOf(key), ...DueSchema.parse(reply.due));
    if (reply.counted) this.observer.counted(CountedSchema.parse(reply.counted));
    if (Object.hasOwn(reply, 'error')) {
      const { error } = RefusedSchema.parse(reply);
      throw new AppError(error.code, error.details);
    }
    return reply;
  }

  /** Runs plain reads under the same deadline and error words as scripts. */
  async read<T>(work: (redis: Redis) => Promise<T>): Promise<T> {
    return withDeadline(work(this.opened.redis));
  }

  /** Calls back whenever something was committed in the shop. A hint: it may come late, twice or not at all. */
  onBell(shopId: string, ring: () => void): Promise<() => Promise<void>> {
    return this.listen(`${shopKey(shopId)}:bell`, ring);
  }

  /** Calls back when something is published on the channel. */
  async listen(channel: string, ring: () => void): Promise<() => Promise<void>> {
    return withDeadline(this.opened.onBell(channel, ring));
  }

  /**
   * Calls back when what was known of the data may be so no more: a master is there again, the same or another that may lack
   * the last writes; or the data was found to be lost.
   */
  onReady(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** Calls back with the first deadline that a script call of this server has set, whatever it was called for. */
  onDue(listener: DueListener): void {
    this.dueListener = listener;
  }

  startOver(): void {
    for (const listener of this.listeners) listener();
  }

  /** The servers that hold the data, by address. */
  masters(): Map<string, RedisNode> {
    return this.connection?.masters() ?? new Map();
  }

  /** By a master's address, a key that is kept there and is no shop's. */
  homes(): Map<string, string> {
    return this.connection?.homes() ?? new Map();
  }

  async close(): Promise<void> {
    this.state = 'closed';
    await this.connection?.close();
  }

  /** What cannot be checked yet, as when Redis loads its data, is tried again. */
  private async untilFit(connection: Connection): Promise<void> {
    for (;;) {
      try {
        await checkRequirements(connection);
        this.troubles.over('Redis');
        return;
      } catch (error) {
        if (error instanceof StoreUnfitError) throw error;
        this.requireWanted();
        this.troubles.note('Redis', reasonOf(error));
      }
      await delay(CHECK_AGAIN_MS);
    }
  }

  private requireWanted(): void {
    if (this.state === 'closed') throw new AppError('STORE_UNAVAILABLE');
  }

  private get opened(): Connection {
    if (this.state !== 'open' || !this.connection) throw new AppError('STORE_UNAVAILABLE');
    return this.connection;
  }

  private async evaluate(script: Script<unknown>, key: string, args: string[]): Promise<unknown> {
    const { redis } = this.opened;
    const options = { keys: [key], arguments: args };
    const { source, sha } = this.textOf(script);
    try {
      return await redis.evalSha(sha, options);
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      this.log.debug({ script: script.name }, 'script sent in full');
      return await redis.eval(source, options);
    }
  }

  private textOf(script: Script<unknown>): { source: string; sha: string } {
    const { scriptPrefix } = this.opened;
    if (scriptPrefix === '') return script;
    let text = this.prefixed.get(script.name);
    if (!text) {
      const source = `${scriptPrefix}${script.source}`;
      text = { source, sha: createHash('sha1').update(source).digest('hex') };
      this.prefixed.set(script.name, text);
    }
    return text;
  }
}

const RefusedSchema = z.object({ error: RefusalSchema });

/** Scripts answer JSON; or a list of a JSON header and plain values, which come as the header's `values`. */
function readReply(raw: unknown): { counted?: unknown; due?: unknown } {
  if (!Array.isArray(raw)) return JSON.parse(String(raw));
  const [header, ...values] = raw;
  return { ...JSON.parse(String(header)), values };
}
