import type { Logger } from 'pino';
import { type RedisNode, withDeadline } from './redis/connection.js';
import type { Store } from './store.js';

export interface Health {
  /** Whether commands can be served. */
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

/** Whether the store can serve, looked at each second. It says so in the log when that changes, and again while it lasts. */
export class StoreHealth {
  private readonly store: Store;
  private readonly log: Logger;
  private timer: NodeJS.Timeout | undefined;
  private last: { at: number; wasReady: boolean; health: Promise<Health> } | undefined;
  private wasOk = true;
  private saidAt = Number.NEGATIVE_INFINITY;
  private warned = '';

  constructor(store: Store, log: Logger) {
    this.store = store;
    this.log = log;
  }

  start(): void {
    this.timer = setInterval(
      () => void this.now().then((health) => this.say(health)),
      LOOK_EVERY_MS,
    );
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Never rejects. */
  now(): Promise<Health> {
    const now = performance.now();
    const { isReady } = this.store;
    // Connections notice at once when Redis goes or comes: then what was found before says nothing.
    if (!this.last || now - this.last.at >= FRESH_MS || this.last.wasReady !== isReady) {
      this.last = { at: now, wasReady: isReady, health: checkStore(this.store) };
    }
    return this.last.health;
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

/**
 * Whether Redis answers, and whether it would keep what it is told. Of a cluster, one master that answers is enough: the
 * shops of the others are refused meanwhile, but taking this server out of service would help nobody.
 */
async function checkStore(store: Store): Promise<Health> {
  if (!store.isOpen) return { ok: false, reason: store.trouble ?? NOT_THERE, warnings: [] };
  const masters = [...store.masters()];
  const found = await Promise.all(masters.map(([address, node]) => checkMaster(address, node)));
  const warnings = found.flatMap((one) => one.warnings);
  if (found.some(({ ok }) => ok)) return { ok: true, warnings };
  return { ok: false, reason: store.trouble ?? warnings[0] ?? NOT_THERE, warnings };
}

const NOT_THERE = 'Redis does not answer';

async function checkMaster(address: string, node: RedisNode): Promise<Health> {
  try {
    await withDeadline(node.ping());
  } catch {
    return { ok: false, warnings: [`${address} does not answer`] };
  }
  const warnings = await persistenceWarnings(node);
  return { ok: true, warnings: warnings.map((warning) => `${address}: ${warning}`) };
}

/** Managed Redis often forbids CONFIG; INFO says enough. */
async function persistenceWarnings(node: RedisNode): Promise<string[]> {
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
