import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { type RedisNode, reasonOf, withDeadline } from '../redis/connection.js';
import type { Store } from '../store.js';
import { Pulse } from './pulse.js';

export interface Health {
  /** Whether traffic should come here. */
  ok: boolean;
  /** Why not, in one line. */
  reason?: string;
  /** What is not as it should be, and what could lose data; empty when all is well or when Redis does not say. */
  warnings: string[];
}

/** How often the store is looked at, ms. */
const LOOK_EVERY_MS = 1_000;
/** So old an answer may be, ms: asking again and again costs nothing. */
const FRESH_MS = 900;
/** How often the log says again that the store cannot serve, ms. */
const SAY_EVERY_MS = 10_000;

/** Commands are served nevertheless: what is there is consistent, and a live goes on. */
const LOST =
  'data that this server had seen is gone: Redis was emptied, or an older state was restored; look at it, then run npm run accept-loss or restart the servers';

/**
 * Whether the store can serve, looked at each second by what every commit needs: a write and the bell. It says so in the
 * log when that changes, and again while it lasts.
 */
export class StoreHealth {
  private readonly store: Store;
  private readonly log: Logger;
  private readonly pulses = new Map<string, Pulse>();
  private timer: NodeJS.Timeout | undefined;
  private last: { at: number; wasReady: boolean; health: Promise<Health> } | undefined;
  private looking = false;
  private wasOk = true;
  private saidAt = Number.NEGATIVE_INFINITY;
  private warned = '';

  constructor(store: Store, log: Logger) {
    this.store = store;
    this.log = log;
  }

  start(): void {
    this.timer = setInterval(() => {
      void this.now().then((health) => this.say(health));
    }, LOOK_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Never rejects. */
  now(): Promise<Health> {
    const at = performance.now();
    const wasReady = this.store.isReady;
    // Connections notice at once when Redis goes or comes: then what was found before says nothing.
    const fresh = this.last && at - this.last.at < FRESH_MS && this.last.wasReady === wasReady;
    if (this.last && (fresh || this.looking)) return this.last.health;
    this.looking = true;
    const health = this.look().finally(() => {
      this.looking = false;
    });
    this.last = { at, wasReady, health };
    return health;
  }

  /** When data was found to be lost, epoch ms; undefined when there is none to be looked at. */
  get lostAt(): number | undefined {
    for (const { loss } of this.pulses.values()) if (loss) return loss.at;
    return undefined;
  }

  private async look(): Promise<Health> {
    const { store } = this;
    if (!store.isOpen) return { ok: false, reason: store.trouble ?? NOT_THERE, warnings: [] };
    const homes = store.homes();
    this.forget(new Set(homes.values()));
    const found = await Promise.all([...homes].map(([address, key]) => this.lookAt(address, key)));
    const failures = found.flatMap(({ failure }) => failure ?? []);
    const warnings = found.flatMap((one) => one.warnings);
    // Of a cluster, one master that serves is enough: the shops of the others are refused meanwhile, but taking this server
    // out of service would help nobody.
    if (failures.length === found.length)
      return { ok: false, reason: store.trouble ?? failures[0] ?? NOT_THERE, warnings };
    if (this.lostAt !== undefined) return { ok: false, reason: LOST, warnings };
    return { ok: true, warnings: [...failures, ...warnings] };
  }

  private async lookAt(
    address: string,
    key: string,
  ): Promise<{ failure?: string; warnings: string[] }> {
    const pulse = this.pulses.get(key) ?? new Pulse(this.store, key);
    this.pulses.set(key, pulse);
    try {
      if (await pulse.beat()) {
        this.log.error({ redis: address }, LOST);
        this.store.startOver();
      }
    } catch (error) {
      return { failure: `${address}: ${reasonOf(error)}`, warnings: [] };
    }
    const warnings = await persistenceWarnings(this.store.masters().get(address));
    return { warnings: warnings.map((warning) => `${address}: ${warning}`) };
  }

  /** Slots have moved: these keys stand for no master any more. */
  private forget(current: Set<string>): void {
    for (const [key, pulse] of this.pulses) {
      if (current.has(key)) continue;
      this.pulses.delete(key);
      pulse.stop().catch(() => {});
    }
  }

  private say({ ok, reason, warnings }: Health): void {
    const now = performance.now();
    if (!ok && (this.wasOk || now - this.saidAt >= SAY_EVERY_MS)) {
      this.log.warn({ reason }, 'waiting for Redis');
      this.saidAt = now;
    } else if (ok && !this.wasOk) {
      this.log.info('Redis serves');
    }
    this.wasOk = ok;
    const text = warnings.join('\n');
    if (ok && text !== this.warned) {
      for (const warning of warnings) this.log.warn(warning);
      this.warned = text;
    }
  }
}

/** Whatever servers have found to be lost is accepted: they are ready again with what is there. */
export async function acceptStore(store: Store): Promise<void> {
  const word = randomUUID();
  for (const key of store.homes().values()) {
    await store.read((redis) => redis.hSet(key, 'accepted', word));
  }
}

const NOT_THERE = 'Redis does not answer';

/** Managed Redis often forbids CONFIG; INFO says enough. */
async function persistenceWarnings(node: RedisNode | undefined): Promise<string[]> {
  if (!node?.isReady) return [];
  try {
    const info = await withDeadline(node.info());
    const field = (name: string) => new RegExp(`^${name}:(.*)$`, 'm').exec(info)?.[1]?.trim();
    const warnings: string[] = [];
    if (field('aof_enabled') === '0') {
      warnings.push(
        'appendonly is off: bookings accepted since the last save are lost when Redis stops',
      );
    }
    const policy = field('maxmemory_policy');
    if (policy !== undefined && policy !== 'noeviction' && field('maxmemory') !== '0') {
      warnings.push(`maxmemory-policy is ${policy}: Redis may throw away holds; set noeviction`);
    }
    return warnings;
  } catch {
    return [];
  }
}
