import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { reportAudience } from '../../../store/lives.js';
import type { Store } from '../../../store/store.js';

const EVERY_MS = 2_000;
/** An unchanged count is reported again at this pace, ms, so that it stays fresh. */
const REFRESH_MS = 6_000;

export interface LocalAudience {
  shopId: string;
  liveId: string;
  /** Viewers' sockets of this server. */
  viewers: number;
  /** Whether a host of this server wants to know the sum. */
  hosts: boolean;
}

/** Adds up the audience of each live over all servers, and publishes them to hosts every two seconds. */
export class Audience {
  private readonly store: Store;
  private readonly local: () => Iterable<LocalAudience>;
  private readonly publish: (shopId: string, liveId: string, viewers: number) => void;
  private readonly log: Logger;
  private readonly serverId = randomUUID();
  private readonly timer: NodeJS.Timeout;
  private reported = new Map<string, { live: LocalAudience; at: number }>();
  private running = false;

  constructor(
    store: Store,
    local: () => Iterable<LocalAudience>,
    publish: (shopId: string, liveId: string, viewers: number) => void,
    log: Logger,
  ) {
    this.store = store;
    this.local = local;
    this.publish = publish;
    this.log = log;
    this.timer = setInterval(() => void this.round(), EVERY_MS);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async round(): Promise<void> {
    if (this.running || !this.store.isReady) return;
    this.running = true;
    try {
      const lives = [...this.local()];
      await Promise.all(lives.map((live) => this.report(live)));
      await this.leave(new Set(lives.map(keyOf)));
      await Promise.all(lives.filter((live) => live.hosts).map((live) => this.announce(live)));
    } catch (error) {
      this.log.debug({ error: String(error) }, 'audience not reported');
    } finally {
      this.running = false;
    }
  }

  private async report(live: LocalAudience): Promise<void> {
    const last = this.reported.get(keyOf(live));
    if (last?.live.viewers === live.viewers && performance.now() - last.at < REFRESH_MS) return;
    await reportAudience(this.store, live.shopId, live.liveId, this.serverId, live.viewers);
    this.reported.set(keyOf(live), { live, at: performance.now() });
  }

  /** Lives that this server's last socket has left: their share is nobody now. */
  private async leave(present: Set<string>): Promise<void> {
    for (const [key, { live }] of this.reported) {
      if (present.has(key)) continue;
      this.reported.delete(key);
      await reportAudience(this.store, live.shopId, live.liveId, this.serverId, 0);
    }
  }

  private async announce({ shopId, liveId }: LocalAudience): Promise<void> {
    this.publish(shopId, liveId, await reportAudience(this.store, shopId, liveId, this.serverId));
  }
}

function keyOf(live: LocalAudience): string {
  return `${live.shopId} ${live.liveId}`;
}
