import type { Logger } from 'pino';
import { z } from 'zod';
import { AppError } from '../protocol/errors.js';
import { createRedis, type Redis, withDeadline } from './connection.js';
import { shopKey } from './keys.js';
import { RefusalSchema, type Script } from './scripts.js';

/** Told about every script call: its name, and how long it took from call to answer, in seconds. */
export type ScriptObserver = (script: string, seconds: number) => void;

/** Steps of at most 200 due holds; far more than one shop can have due at once. */
const MAX_STEPS = 5_000;

/**
 * The one door to Redis. Rules live in the scripts; this runs them, bounds them in time and turns their
 * refusals into the catalogue's errors.
 */
export class Store {
  readonly redis: Redis;
  private readonly bells: Redis;
  private readonly log: Logger;
  private readonly observe: ScriptObserver;

  constructor(url: string, log: Logger, observe: ScriptObserver = () => {}) {
    this.log = log;
    this.observe = observe;
    this.redis = createRedis(url, 'livehold', log);
    this.bells = createRedis(url, 'livehold-bells', log);
  }

  async open(): Promise<void> {
    await Promise.all([this.redis.connect(), this.bells.connect()]);
  }

  /** Runs a script on a shop. Throws the script's refusal as an `AppError`. */
  async run<Reply>(script: Script<Reply>, shopId: string, args: string[]): Promise<Reply> {
    for (let step = 0; step < MAX_STEPS; step++) {
      const reply = await this.step(script, shopId, args);
      if (!(reply as { retry?: boolean }).retry) return script.reply.parse(reply);
    }
    throw new AppError('STORE_UNAVAILABLE');
  }

  /** One call, whose answer may be `{ retry: true }`: due holds were ended and the command was not judged yet. */
  async step<Reply>(script: Script<Reply>, shopId: string, args: string[]): Promise<unknown> {
    const started = performance.now();
    const text = await withDeadline(this.evaluate(script, shopKey(shopId), args));
    this.observe(script.name, (performance.now() - started) / 1_000);
    const reply: unknown = JSON.parse(text);
    const refusal = RefusedSchema.safeParse(reply);
    if (refusal.success) throw new AppError(refusal.data.error.code, refusal.data.error.details);
    return reply;
  }

  /** Runs plain reads under the same deadline and error words as scripts. */
  read<T>(work: (redis: Redis) => Promise<T>): Promise<T> {
    return withDeadline(work(this.redis));
  }

  /** Calls back whenever something was committed in the shop. A hint: it may come late, twice or not at all. */
  async onBell(shopId: string, ring: () => void): Promise<() => Promise<void>> {
    const channel = `${shopKey(shopId)}:bell`;
    await withDeadline(this.bells.sSubscribe(channel, ring));
    return () => this.bells.sUnsubscribe(channel, ring);
  }

  /** Calls back each time the connection is up again. */
  onReady(listener: () => void): void {
    this.redis.on('ready', listener);
  }

  /** What is in flight is waited for, but not for ever: Redis may be frozen. */
  async close(): Promise<void> {
    const end = async (client: Redis) => {
      if (client.isReady) await withDeadline(client.close()).catch(() => client.destroy());
      else if (client.isOpen) client.destroy();
    };
    await Promise.all([end(this.redis), end(this.bells)]);
  }

  private async evaluate(script: Script<unknown>, key: string, args: string[]): Promise<string> {
    const options = { keys: [key], arguments: args };
    try {
      return String(await this.redis.evalSha(script.sha, options));
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      this.log.debug({ script: script.name }, 'script sent in full');
      return String(await this.redis.eval(script.source, options));
    }
  }
}

const RefusedSchema = z.object({ error: RefusalSchema });
