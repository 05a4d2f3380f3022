import type { Logger } from 'pino';
import { type Position, readStream, type StoreEvent, streamEnd } from '../../../store/events.js';
import type { Store } from '../../../store/store.js';

/** Reads of one shop's stream are at least this far apart, ms: under load each read then brings many events. */
const READ_EVERY_MS = 10;
/** After so many events in one read the next waits longer: of what lapses by the thousand, a viewer's share is one write. */
const MANY_EVENTS = 1_000;
const READ_MANY_EVERY_MS = 100;
/** The safety net under the bell, ms. */
const POLL_EVERY_MS = 1_000;
/** A shop that nobody watches is followed for this much longer, ms: viewers come and go. */
const LINGER_MS = 10_000;
/** A socket that connects waits for its shop's feed so long, ms. Past that it is let in, and told later what it missed. */
export const WAITED_FOR_MS = 1_000;

export interface FeedListener {
  /** What was committed, in order. */
  onEvents(shopId: string, events: StoreEvent[]): void;
  /**
   * Events may be lost to us, or to Redis; whoever watches needs to be told everything anew. Tried again if it fails.
   * @param since what was committed after this has not been told, epoch ms of Redis's clock; undefined: nothing is missing
   * but what Redis itself may have lost
   */
  onGap(shopId: string, since: number | undefined): Promise<void>;
}

interface Feed {
  /** '' until the feed has its place. */
  position: Position;
  ready: Promise<void>;
  beginning: boolean;
  /** When it was first wanted, ms of the monotonic clock. */
  wantedAt: number;
  failed: boolean;
  silence: (() => Promise<void>) | undefined;
  /** From the first ring until all is read. */
  reading: boolean;
  rung: boolean;
  /** Redis was away: what it had acknowledged last may be lost, also what we have not read of it. */
  suspect: boolean;
  lastRead: number;
  /** At least so long from one read to the next, ms. */
  pause: number;
  watched: boolean;
  linger: NodeJS.Timeout | undefined;
}

/**
 * Follows the event streams of the shops that this server's sockets watch. The stream is the truth; the bell (a
 * sharded pub/sub message) only says when to look, and a slow poll covers bells that were missed.
 */
export class Feeds {
  private readonly store: Store;
  private readonly listener: FeedListener;
  private readonly log: Logger;
  private readonly feeds = new Map<string, Feed>();
  private readonly poll: NodeJS.Timeout;
  private closed = false;

  constructor(store: Store, listener: FeedListener, log: Logger) {
    this.store = store;
    this.listener = listener;
    this.log = log;
    this.poll = setInterval(() => this.readAll(), POLL_EVERY_MS);
    store.onReady(() => {
      for (const feed of this.feeds.values()) feed.suspect = true;
      this.readAll();
    });
  }

  /** Whether the feed has its place, and goes on. */
  isReady(shopId: string): boolean {
    const feed = this.feeds.get(shopId);
    return feed?.watched === true && feed.position !== '';
  }

  /** Resolves once the feed has its place: whatever is committed from then on will be told. */
  async watch(shopId: string): Promise<void> {
    let feed = this.feeds.get(shopId);
    if (!feed) {
      feed = {
        position: '',
        ready: Promise.resolve(),
        beginning: false,
        wantedAt: performance.now(),
        failed: false,
        silence: undefined,
        reading: false,
        rung: false,
        suspect: false,
        lastRead: 0,
        pause: READ_EVERY_MS,
        watched: true,
        linger: undefined,
      };
      this.feeds.set(shopId, feed);
    }
    feed.watched = true;
    clearTimeout(feed.linger);
    if (feed.position === '' && !feed.beginning) feed.ready = this.begin(shopId, feed);
    await feed.ready;
  }

  /** Nobody watches the shop any more. */
  unwatch(shopId: string): void {
    const feed = this.feeds.get(shopId);
    if (!feed) return;
    feed.watched = false;
    clearTimeout(feed.linger);
    feed.linger = setTimeout(() => this.drop(shopId, feed), LINGER_MS);
    feed.linger.unref();
  }

  close(): void {
    this.closed = true;
    clearInterval(this.poll);
    for (const feed of this.feeds.values()) clearTimeout(feed.linger);
    this.feeds.clear();
  }

  /** Tried again with the next poll, or the next who asks, when the store is away. */
  private async begin(shopId: string, feed: Feed): Promise<void> {
    feed.beginning = true;
    try {
      feed.silence ??= await this.store.onBell(shopId, () => this.ring(shopId, feed));
      const end = await streamEnd(this.store, shopId);
      const waited = performance.now() - feed.wantedAt;
      if (feed.failed || waited > WAITED_FOR_MS / 2) {
        const now = await this.store.clock(shopId);
        await this.listener.onGap(shopId, Math.floor(now - waited));
      }
      feed.position = end;
    } catch (error) {
      feed.failed = true;
      throw error;
    } finally {
      feed.beginning = false;
    }
  }

  private drop(shopId: string, feed: Feed): void {
    if (feed.watched || this.feeds.get(shopId) !== feed) return;
    this.feeds.delete(shopId);
    feed.silence?.().catch(() => {});
  }

  private readAll(): void {
    for (const [shopId, feed] of this.feeds) {
      if (feed.position !== '') this.ring(shopId, feed);
      else if (feed.watched) this.watch(shopId).catch(() => {});
    }
  }

  private ring(shopId: string, feed: Feed): void {
    feed.rung = true;
    if (feed.reading || this.closed || feed.position === '') return;
    feed.reading = true;
    const wait = feed.lastRead + feed.pause - performance.now();
    if (wait > 0) setTimeout(() => void this.read(shopId, feed), wait);
    else void this.read(shopId, feed);
  }

  /** What comes after the new place is told as events; what comes before it, by telling everything anew. */
  private async retell(shopId: string, feed: Feed, gap: boolean): Promise<void> {
    feed.suspect = false;
    try {
      const end = gap ? await streamEnd(this.store, shopId) : feed.position;
      const [lastSeen = '0'] = feed.position.split('-');
      await this.listener.onGap(shopId, gap ? Number(lastSeen) : undefined);
      feed.position = end;
    } catch (error) {
      feed.suspect = true;
      throw error;
    }
  }

  private async read(shopId: string, feed: Feed): Promise<void> {
    feed.rung = false;
    feed.lastRead = performance.now();
    try {
      for (let more = true; more && !this.closed; ) {
        const {
          events,
          position,
          gap,
          more: followed,
        } = await readStream(this.store, shopId, feed.position);
        more = followed;
        if (gap || feed.suspect) await this.retell(shopId, feed, gap);
        if (events.length === 0) continue;
        feed.position = position;
        feed.pause = events.length > MANY_EVENTS ? READ_MANY_EVERY_MS : READ_EVERY_MS;
        this.listener.onEvents(shopId, events);
      }
    } catch (error) {
      this.log.warn(
        { shopId, error: String(error) },
        'could not read the event stream; tried again soon',
      );
    } finally {
      feed.reading = false;
      if (feed.rung) this.ring(shopId, feed);
    }
  }
}
