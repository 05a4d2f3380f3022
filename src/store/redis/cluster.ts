import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../protocol/errors.js';
import { storeKey } from '../keys.js';
import { Bells } from './bells.js';
import { type Call, sendingCommands } from './commands.js';
import {
  type Connection,
  closeRedis,
  createRedis,
  type Redis,
  type RedisNode,
} from './connection.js';
import { Nodes } from './nodes.js';
import { type ClusterView, slotOf, viewOfCluster } from './slots.js';
import type { Troubles } from './troubles.js';

/** How often a node is asked who has which slots, ms. What moves in between says so itself (MOVED). */
const LOOK_EVERY_MS = 500;
/** A node that does not answer for so long is passed over, ms. */
const ANSWER_MS = 1_000;
/** A command follows a slot that moves for this long before it is refused, ms: well within a command's deadline. */
const FOLLOW_MS = 1_200;
const ASK_AGAIN_MS = 50;
/** At the start, shards that are away are waited for this long, ms. */
const START_MS = 5_000;
/** Keys that are tried to find one on each master. */
const HOMES_TRIED = 2_000;

/**
 * A Redis Cluster. Every node has one of our plain clients, with the same bounds as a single server has; this only
 * knows who owns which slot. (The package's own cluster client lets commands wait, without bound, for a node that it
 * connects to, and an unhandled rejection of its re-subscribing ends the process.)
 *
 * While a slot moves, its keys are in two places. Our scripts use keys that they cannot name beforehand, so they must
 * not run then at all: at either place they would see half a shop. `scriptPrefix` stops them at the source, before
 * anything is written; they never run at the target, for ASK is followed for commands of one key only.
 */
export class ClusterConnection implements Connection {
  readonly redis: Redis;
  // Looks for a key of the same slot that never exists: in a slot that is moving away, that is an error ("non local key").
  readonly scriptPrefix =
    "redis.call('EXISTS', (KEYS[1]:find('{', 1, true) and KEYS[1] or 'livehold:{' .. KEYS[1] .. '}') .. ':never') ";
  readonly isCluster = true;
  private readonly seeds: string[];
  private readonly create: (address: string) => RedisNode;
  private readonly nodes: Nodes;
  private readonly bells: Bells;
  private readonly troubles: Troubles;
  private readonly listeners: (() => void)[] = [];
  private owners: (string | undefined)[] = [];
  private known = new Set<string>();
  private looking = false;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(seeds: string[], urlOf: (address: string) => string, troubles: Troubles) {
    this.seeds = seeds;
    this.troubles = troubles;
    this.create = (address) => createRedis(urlOf(address), 'livehold', troubles);
    this.nodes = new Nodes((address) => {
      const client = this.create(address);
      client.on('ready', () => {
        for (const listener of this.listeners) listener();
      });
      return client;
    });
    this.bells = new Bells(
      (channel) => this.owners[slotOf(channel)],
      (address) => createRedis(urlOf(address), 'livehold-bells', troubles),
      troubles,
    );
    this.redis = sendingCommands(
      (call) => this.send(call),
      () => [...this.nodes.all().values()].some((client) => client.isReady),
    );
  }

  async open(): Promise<void> {
    while (!(await this.look())) {
      this.requireOpen();
      await delay(LOOK_EVERY_MS);
    }
    this.requireOpen();
    this.timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
    const late = performance.now() + START_MS;
    while (![...this.nodes.all().values()].every((client) => client.isReady)) {
      if (performance.now() > late && this.redis.isReady) break;
      await delay(ASK_AGAIN_MS);
      this.requireOpen();
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.timer);
    await Promise.all([this.nodes.close(), this.bells.close()]);
  }

  onReady(listener: () => void): void {
    this.listeners.push(listener);
  }

  masters(): Map<string, RedisNode> {
    return this.nodes.all();
  }

  homes(): Map<string, string> {
    const homes = new Map<string, string>();
    const masters = this.nodes.all().size;
    // With slots spread as they are, each master comes up soon; one without slots never.
    for (let n = 0; homes.size < masters && n < HOMES_TRIED; n++) {
      const owner = this.owners[slotOf(storeKey(n))];
      if (owner !== undefined && !homes.has(owner)) homes.set(owner, storeKey(n));
    }
    return homes;
  }

  async onBell(channel: string, ring: () => void): Promise<() => Promise<void>> {
    return this.bells.listen(channel, ring);
  }

  private requireOpen(): void {
    if (this.closed) throw new AppError('STORE_UNAVAILABLE');
  }

  private async send(call: Call): Promise<unknown> {
    const slot = slotOf(call.key);
    const late = performance.now() + FOLLOW_MS;
    for (let hop = 1; ; hop++) {
      const owner = this.owners[slot];
      if (owner === undefined) throw new AppError('STORE_UNAVAILABLE');
      try {
        return await call.run(await this.nodes.ready(owner));
      } catch (error) {
        if (performance.now() > late) throw error;
        const text = error instanceof Error ? error.message : '';
        const [, redirect, , to] = /^(MOVED|ASK) (\d+) (\S+)/.exec(text) ?? [];
        if (redirect === 'ASK' && to !== undefined && !call.script) return this.ask(to, call);
        if (redirect === undefined && !isMoving(text)) throw error;
        if (redirect === 'MOVED') this.owners[slot] = to;
        if (redirect !== 'MOVED' || hop > 2) await delay(ASK_AGAIN_MS);
      }
    }
  }

  /** One command of one key, at the place where the slot is moving to. */
  private async ask(address: string, call: Call): Promise<unknown> {
    const node = await this.nodes.ready(address);
    // Both are written in this order, with nothing between: the client queues them in the same turn.
    const [, answer] = await Promise.all([node.sendCommand(['ASKING']), call.run(node)]);
    return answer;
  }

  /** Learns who has which slots; answers whether anybody could say. */
  private async look(): Promise<boolean> {
    if (this.looking) return false;
    this.looking = true;
    try {
      const view = await this.view();
      if (view) this.adopt(view);
      return view !== undefined;
    } finally {
      this.looking = false;
    }
  }

  private adopt(view: ClusterView): void {
    this.owners = view.owners;
    this.known = new Set([...view.masters, ...view.replicas]);
    this.nodes.keepOnly(view.masters);
    this.troubles.keepOnly(view.masters);
    for (const address of view.masters) this.nodes.at(address);
    this.bells.tend();
  }

  /** The first view of a node that finds the cluster fit; if none does, any view. */
  private async view(): Promise<ClusterView | undefined> {
    let any: ClusterView | undefined;
    const ready = [...this.nodes.all()].filter(([, client]) => client.isReady);
    for (const [address, client] of shuffled(ready)) {
      const view = await this.askFor(address, client);
      if (view?.ok) return view;
      any ??= view;
    }
    if (any) return any;
    for (const address of shuffled([...new Set([...this.known, ...this.seeds])])) {
      const scout = this.create(address);
      const view = await this.askFor(address, scout, scout.connect());
      await closeRedis(scout);
      if (view) return view;
    }
    return undefined;
  }

  private async askFor(
    address: string,
    client: RedisNode,
    connected: Promise<unknown> = Promise.resolve(),
  ): Promise<ClusterView | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), ANSWER_MS);
    });
    const host = address.slice(0, address.lastIndexOf(':'));
    const view = connected
      .then(() => viewOfCluster(client, host))
      .catch((error: unknown) => {
        if (!this.closed) this.troubles.note(address, error);
        return undefined;
      });
    const answer = await Promise.race([view, patience]);
    clearTimeout(timer);
    return answer;
  }
}

/** A script met a key that is not here (any more): its slot is on the way to another node. */
function isMoving(text: string): boolean {
  return text.startsWith('TRYAGAIN') || text.includes('non local key');
}

function shuffled<T>(list: T[]): T[] {
  return list
    .map((value) => ({ value, order: Math.random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ value }) => value);
}
