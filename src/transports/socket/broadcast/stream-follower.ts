import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { StoreEvent } from '../../../store/event-kinds.js';
import { type Position, readStream, streamEnd, streamPlaceAt } from '../../../store/events.js';
import type { Store } from '../../../store/store.js';

/** Reads of one shop's stream are at least this far apart, ms: under load each read then brings many events. */
const READ_EVERY_MS = 10;
/** After so many events in one read the next waits longer: of what lapses by the thousand, a viewer's share is one write. */
const MANY_EVENTS = 1_000;
const READ_MANY_EVERY_MS = 100;
/** The safety net under the doorbell, ms. */
const POLL_EVERY_MS = 1_000;
/** A shop that nobody watches is followed for this much longer, ms: viewers come and go. */
const LINGER_MS = 10_000;
/** A socket that connects waits so long until its shop's stream is followed, ms. Past that it is let in, and gets what it missed later. */
export const WAITED_FOR_MS = 1_000;

export interface StreamSubscriber {
  /** What was committed, in order. */
  onEvents(shopId: string, events: StoreEvent[]): void;
  /**
   * Events may be lost to us, or to Redis: subscribers need a full snapshot. Tried again if it fails.
   * @param since what was committed after this has not been published, epoch ms of Redis's clock; undefined: nothing is missing
   * but what Redis itself may have lost
   */
  onGap(shopId: string, since: number | undefined): Promise<void>;
}

interface FollowedStream {
  /** The last entry read; '' until it is known where to begin. */
  cursor: Position;
  ready: Promise<void>;
  beginning: boolean;
  /** When it was first wanted, ms of the monotonic clock. */
  wantedAt: number;
  failed: boolean;
  unsubscribe: (() => Promise<void>) | undefined;
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
 * Follows the event streams of the shops that this server's sockets watch. The stream is the truth; the
 * bell is a doorbell only: an empty message by sharded pub/sub that says when to look. A slow poll covers those that were missed.
 */
export class StreamFollower {
  private readonly store: Store;
  private readonly subscriber: StreamSubscriber;
  private readonly log: Logger;
  private readonly streams = new Map<string, FollowedStream>();
  private readonly poll: NodeJS.Timeout;
  private closed = false;

  constructor(store: Store, subscriber: StreamSubscriber, log: Logger) {
    this.store = store;
    this.subscriber = subscriber;
    this.log = log;
    this.poll = setInterval(() => this.readAll(), POLL_EVERY_MS);
    store.onReady(() => {
      for (const stream of this.streams.values()) stream.suspect = true;
      this.readAll();
    });
  }

  /** Whether the stream is followed. */
  isReady(shopId: string): boolean {
    const stream = this.streams.get(shopId);
    return stream?.watched === true && stream.cursor !== '';
  }

  /** Resolves once the stream has its cursor: whatever is committed from then on is published. */
  async watch(shopId: string): Promise<void> {
    let stream = this.streams.get(shopId);
    if (!stream) {
      stream = {
        cursor: '',
        ready: Promise.resolve(),
        beginning: false,
        wantedAt: performance.now(),
        failed: false,
        unsubscribe: undefined,
        reading: false,
        rung: false,
        suspect: false,
        lastRead: 0,
        pause: READ_EVERY_MS,
        watched: true,
        linger: undefined,
      };
      this.streams.set(shopId, stream);
    }
    stream.watched = true;
    clearTimeout(stream.linger);
    if (stream.cursor === '' && !stream.beginning) stream.ready = this.begin(shopId, stream);
    await stream.ready;
  }

  /** Nobody watches the shop any more. */
  unwatch(shopId: string): void {
    const stream = this.streams.get(shopId);
    if (!stream) return;
    stream.watched = false;
    clearTimeout(stream.linger);
    stream.linger = setTimeout(() => this.drop(shopId, stream), LINGER_MS);
    stream.linger.unref();
  }

  close(): void {
    this.closed = true;
    clearInterval(this.poll);
    for (const stream of this.streams.values()) clearTimeout(stream.linger);
    this.streams.clear();
  }

  /** Tried again with the next poll, or the next who asks, when the store is away. */
  private async begin(shopId: string, stream: FollowedStream): Promise<void> {
    stream.beginning = true;
    try {
      stream.unsubscribe ??= await this.store.onBell(shopId, () => this.ring(shopId, stream));
      const waited = () => performance.now() - stream.wantedAt;
      const isLate = stream.failed || waited() > WAITED_FOR_MS / 2;
      stream.cursor = isLate
        ? await this.placeWanted(shopId, waited)
        : await streamEnd(this.store, shopId);
      // What was committed meanwhile is there to be read.
      if (isLate) this.ring(shopId, stream);
    } catch (error) {
      stream.failed = true;
      throw error;
    } finally {
      stream.beginning = false;
    }
  }

  /** Where the stream was when it was first wanted. However long Redis takes to say its time, that is no later than the answer. */
  private async placeWanted(shopId: string, waited: () => number): Promise<Position> {
    const now = await this.store.clock(shopId);
    return streamPlaceAt(this.store, shopId, now - waited());
  }

  private drop(shopId: string, stream: FollowedStream): void {
    if (stream.watched || this.streams.get(shopId) !== stream) return;
    this.streams.delete(shopId);
    stream.unsubscribe?.().catch(() => {});
  }

  private readAll(): void {
    for (const [shopId, stream] of this.streams) {
      if (stream.cursor !== '') this.ring(shopId, stream);
      else if (stream.watched) this.watch(shopId).catch(() => {});
    }
  }

  private ring(shopId: string, stream: FollowedStream): void {
    stream.rung = true;
    if (stream.reading || this.closed || stream.cursor === '') return;
    stream.reading = true;
    const wait = stream.lastRead + stream.pause - performance.now();
    if (wait > 0) setTimeout(() => void this.read(shopId, stream), wait);
    else void this.read(shopId, stream);
  }

  /** What comes after the new cursor is published as events; what comes before it, as a full snapshot. */
  private async resync(shopId: string, stream: FollowedStream, gap: boolean): Promise<void> {
    stream.suspect = false;
    try {
      const end = gap ? await streamEnd(this.store, shopId) : stream.cursor;
      const [lastSeen = '0'] = stream.cursor.split('-');
      await this.subscriber.onGap(shopId, gap ? Number(lastSeen) : undefined);
      stream.cursor = end;
    } catch (error) {
      stream.suspect = true;
      throw error;
    }
  }

  private async read(shopId: string, stream: FollowedStream): Promise<void> {
    stream.rung = false;
    stream.lastRead = performance.now();
    try {
      for (let more = true; more && !this.closed; ) {
        const {
          events,
          position,
          gap,
          more: followed,
        } = await readStream(this.store, shopId, stream.cursor);
        more = followed;
        // What Redis answered before this is answered first: events never overtake the answer to the command that caused them.
        await nextTurn();
        if (gap || stream.suspect) await this.resync(shopId, stream, gap);
        if (events.length === 0) continue;
        stream.cursor = position;
        stream.pause = events.length > MANY_EVENTS ? READ_MANY_EVERY_MS : READ_EVERY_MS;
        this.subscriber.onEvents(shopId, events);
      }
    } catch (error) {
      this.log.warn(
        { shopId, error: String(error) },
        'could not read the event stream; tried again soon',
      );
    } finally {
      stream.reading = false;
      if (stream.rung) this.ring(shopId, stream);
    }
  }
}
