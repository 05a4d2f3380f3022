import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { AppError } from '../../protocol/errors.js';
import { storeKey } from '../keys.js';
import { nodeName } from './address.js';
import { Bells } from './bells.js';
import { sendingCommands } from './commands.js';
import { type Connection, createRedis, type Redis, type RedisNode } from './connection.js';
import { Nodes } from './nodes.js';
import type { Troubles } from './troubles.js';

export interface SentinelOptions {
  sentinels: string[];
  master: string;
  urlOf: (address: string) => string;
  sentinelUrlOf: (address: string) => string;
}

/** How often every sentinel is asked who is master, ms. */
const ASK_EVERY_MS = 500;
/** A sentinel that has not answered for so long has no say, ms. */
const STALE_MS = 3_000;

interface Opinion {
  address: string;
  /** Grows with every failover. */
  epoch: number;
  at: number;
}

/**
 * The master that sentinels name. They are asked in the background, all of them, and the one that knows of the latest
 * failover is believed; no command ever waits for a sentinel. (The package's own sentinel client holds every command
 * back while it asks, so a sentinel that hangs stops the data; and it repeats commands that were long refused.)
 */
export class SentinelConnection implements Connection {
  readonly redis: Redis;
  readonly scriptPrefix = '';
  readonly isCluster = false;
  private readonly options: SentinelOptions;
  private readonly sentinels: Nodes;
  private readonly nodes: Nodes;
  private readonly bells: Bells;
  private readonly troubles: Troubles;
  private readonly log: Logger;
  private readonly listeners: (() => void)[] = [];
  private readonly opinions = new Map<string, Opinion>();
  private readonly asking = new Set<string>();
  private master: string | undefined;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(options: SentinelOptions, troubles: Troubles, log: Logger) {
    const { urlOf, sentinelUrlOf } = options;
    this.options = options;
    this.troubles = troubles;
    this.log = log;
    this.sentinels = new Nodes((address) =>
      createRedis(sentinelUrlOf(address), 'livehold-sentinel', troubles),
    );
    this.nodes = new Nodes((address) => {
      const client = createRedis(urlOf(address), 'livehold', troubles);
      client.on('ready', () => {
        for (const listener of this.listeners) listener();
      });
      return client;
    });
    this.bells = new Bells(
      () => this.master,
      (address) => createRedis(urlOf(address), 'livehold-bells', troubles),
      troubles,
    );
    this.redis = sendingCommands(
      (call) => this.current().then(call.run),
      () => [...this.nodes.all().values()].some((client) => client.isReady),
    );
  }

  async open(): Promise<void> {
    this.askAll();
    this.timer = setInterval(() => this.askAll(), ASK_EVERY_MS);
    while (!this.redis.isReady) {
      await delay(50);
      if (this.closed) throw new AppError('STORE_UNAVAILABLE');
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.timer);
    await Promise.all([this.sentinels.close(), this.nodes.close(), this.bells.close()]);
  }

  onReady(listener: () => void): void {
    this.listeners.push(listener);
  }

  masters(): Map<string, RedisNode> {
    return this.nodes.all();
  }

  homes(): Map<string, string> {
    return new Map(this.master === undefined ? [] : [[this.master, storeKey(0)]]);
  }

  async onBell(channel: string, ring: () => void): Promise<() => Promise<void>> {
    return this.bells.listen(channel, ring);
  }

  private async current(): Promise<RedisNode> {
    if (this.master === undefined) throw new AppError('STORE_UNAVAILABLE');
    return this.nodes.ready(this.master);
  }

  private askAll(): void {
    for (const address of this.options.sentinels) void this.ask(address);
    this.bells.tend();
  }

  private async ask(sentinel: string): Promise<void> {
    if (this.asking.has(sentinel)) return;
    this.asking.add(sentinel);
    try {
      const client = await this.sentinels.ready(sentinel);
      if (!client.isReady) return;
      const reply = await client.sendCommand(['SENTINEL', 'MASTER', this.options.master]);
      const { ip, port, 'config-epoch': epoch } = Object(reply) as Record<string, string>;
      if (ip === undefined || port === undefined) return;
      const opinion = { address: nodeName(ip, port), epoch: Number(epoch), at: performance.now() };
      this.opinions.set(sentinel, opinion);
      this.troubles.over(sentinel);
      if (!this.closed) this.decide();
    } catch (error) {
      if (!this.closed) this.troubles.note(sentinel, error);
    } finally {
      this.asking.delete(sentinel);
    }
  }

  private decide(): void {
    const fresh = [...this.opinions.values()].filter(({ at }) => performance.now() - at < STALE_MS);
    const best = fresh.reduce((a, b) => (b.epoch > a.epoch ? b : a), fresh[0] as Opinion);
    if (best.address === this.master) return;
    this.log.info({ master: best.address, was: this.master }, 'redis master');
    this.master = best.address;
    this.nodes.keepOnly(new Set([best.address]));
    this.troubles.keepOnly(new Set([best.address, ...this.options.sentinels]));
    this.nodes.at(best.address);
    this.bells.tend();
  }
}
