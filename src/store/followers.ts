import { setMaxListeners } from 'node:events';
import type { Logger } from 'pino';
import type { Store } from './store.js';

/** Goes through the events of a shop for somebody, as long as it may. */
export interface Follower {
  /** Resolves when another server goes on with it, or nobody needs to. */
  run(): Promise<void>;
  /** There may be new events. */
  ring(): void;
}

interface FollowersOptions {
  store: Store;
  log: Logger;
  /** What they do, for the log. */
  name: string;
  /** Whom there is something to follow for: `id` within the shop. */
  find(): Promise<{ shopId: string; id: string }[]>;
  follow(shopId: string, id: string, stopping: AbortSignal): Follower;
}

/** How often it is looked for what nobody follows, ms. */
const LOOK_EVERY_MS = 1_000;
/** The same trouble is said again after so long, ms. */
const SAY_EVERY_MS = 60_000;

/** Keeps one follower at work for each that there is something to follow for, and wakes it when its shop has new events. */
export class Followers {
  private readonly options: FollowersOptions;
  private readonly running = new Map<string, { follower: Follower; done: Promise<void> }>();
  private readonly bells = new Map<string, Promise<() => Promise<void>>>();
  private readonly stopping = new AbortController();
  private readonly said = new Map<string, { text: string; at: number }>();
  private timer: NodeJS.Timeout | undefined;
  private looking = false;

  constructor(options: FollowersOptions) {
    this.options = options;
    // Every follower that waits listens to it.
    setMaxListeners(0, this.stopping.signal);
  }

  start(): void {
    this.timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
  }

  /** Resolves when what was under way has ended. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.stopping.abort();
    for (const { follower } of this.running.values()) follower.ring();
    await Promise.all([...this.running.values()].map(({ done }) => done));
  }

  private async look(): Promise<void> {
    const { store } = this.options;
    if (this.looking || !store.isReady) return;
    this.looking = true;
    try {
      for (const { shopId, id } of await this.options.find()) this.follow(shopId, id);
    } catch (error) {
      this.say('', error);
    } finally {
      this.looking = false;
    }
  }

  private follow(shopId: string, id: string): void {
    const name = `${shopId} ${id}`;
    const { signal } = this.stopping;
    if (this.running.has(name) || signal.aborted) return;
    const follower = this.options.follow(shopId, id, signal);
    this.listen(shopId);
    const done = follower
      .run()
      .then(() => this.said.delete(name))
      .catch((error: unknown) => this.say(name, error))
      .then(() => void this.running.delete(name));
    this.running.set(name, { follower, done });
  }

  private say(name: string, error: unknown): void {
    const text = error instanceof Error ? error.message || error.name : String(error);
    const last = this.said.get(name);
    const now = performance.now();
    if (last?.text === text && now - last.at < SAY_EVERY_MS) return;
    this.said.set(name, { text, at: now });
    const [shopId, id] = name.split(' ');
    this.options.log.warn({ shopId, id, error: text }, `${this.options.name}: tried again`);
  }

  /** The shop's doorbell says that there may be new events. */
  private listen(shopId: string): void {
    if (this.bells.has(shopId)) return;
    const bell = this.options.store.onBell(shopId, () => {
      for (const [name, { follower }] of this.running)
        if (name.startsWith(`${shopId} `)) follower.ring();
    });
    this.bells.set(shopId, bell);
    bell.catch(() => this.bells.delete(shopId));
  }
}
