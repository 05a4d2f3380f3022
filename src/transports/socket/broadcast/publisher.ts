import type { Logger } from 'pino';
import { answered } from '../../../protocol/comment.js';
import { AppError } from '../../../protocol/errors.js';
import { HOST_EVENTS, type HostEvents } from '../../../protocol/events.js';
import type { Live } from '../../../protocol/live.js';
import type { Snapshots } from '../../../services/snapshots.js';
import type { Viewers } from '../../../services/viewers.js';
import {
  PRIVATE_EVENTS,
  type PrivateKind,
  type PrivateStoreEvent,
  type PublicStoreEvent,
  type QuestionStoreEvent,
  type StoreEvent,
} from '../../../store/event-kinds.js';
import { liveOfRoom, liveRoom } from '../rooms.js';
import type { LocalAudience } from './audience.js';
import type { BookingAcks } from './booking-acks.js';
import { ChangedRights } from './changed-rights.js';
import { Conflator, type LiveUpdates } from './conflator.js';
import { type Emitter, publicMessage } from './emitter.js';
import type { Message } from './frames.js';
import { MissedEvents } from './missed-events.js';
import type { StreamSubscriber } from './stream-follower.js';

/** Events for one viewer. */
type ViewerStoreEvent = PrivateStoreEvent & { type: PrivateKind };

/** A server of a later version that runs beside this one may emit kinds that this one has no event for. */
const isForViewer = (event: StoreEvent): event is ViewerStoreEvent =>
  Object.hasOwn(PRIVATE_EVENTS, event.type);

const isForHosts = (event: string): event is keyof HostEvents => Object.hasOwn(HOST_EVENTS, event);

/** Ids need no escapes in JSON, so a booking's can be cut out. */
const BOOKING_ID_FROM = '{"booking":{"bookingId":"'.length;

/** A live that sockets of this server are in: which items concern it. */
interface WatchedLive {
  liveId: string;
  /** As last read; undefined until the first snapshot is read. */
  known: Live | undefined;
  itemIds: Set<string> | undefined;
  /** Events that came meanwhile; published as soon as it is known which items the live features. */
  early: PublicStoreEvent[];
}

/**
 * Publishes to this server's own sockets what was committed. It keeps no truth: which lives are watched follows from the
 * rooms, and what a live features from snapshots and events.
 */
export class Publisher implements StreamSubscriber {
  private readonly emitter: Emitter;
  private readonly snapshots: Snapshots;
  private readonly acks: BookingAcks;
  private readonly missedEvents: MissedEvents;
  private readonly changedRights: ChangedRights;
  private readonly conflator: Conflator;
  private readonly watched = new Map<string, Map<string, WatchedLive>>();

  constructor(
    emitter: Emitter,
    snapshots: Snapshots,
    viewers: Viewers,
    acks: BookingAcks,
    log: Logger,
  ) {
    this.emitter = emitter;
    this.snapshots = snapshots;
    this.acks = acks;
    this.missedEvents = new MissedEvents(emitter, viewers);
    this.changedRights = new ChangedRights(emitter, viewers, log);
    this.conflator = new Conflator(
      (room, updates) => this.flush(room, updates),
      (room) => emitter.audience(room),
    );
    emitter.onRoomLeft((room) => this.roomLeft(room));
  }

  isWatched(shopId: string, liveId: string): boolean {
    return this.watched.get(shopId)?.has(liveId) ?? false;
  }

  /** Sockets of this server are in the live. */
  watch(shopId: string, liveId: string): void {
    let lives = this.watched.get(shopId);
    if (!lives) {
      lives = new Map();
      this.watched.set(shopId, lives);
    }
    if (!lives.has(liveId))
      lives.set(liveId, { liveId, known: undefined, itemIds: undefined, early: [] });
  }

  /** What a live features, from a snapshot: from now on the stock of those items is published to it. */
  trackItems(shopId: string, live: Live): void {
    const watched = this.watched.get(shopId)?.get(live.liveId);
    // Those who join together share a snapshot.
    if (!watched || watched.known === live) return;
    watched.known = live;
    watched.itemIds = new Set(live.itemIds);
    const early = watched.early.splice(0);
    for (const event of early) this.publishToLive(shopId, watched, event);
  }

  onEvents(shopId: string, events: StoreEvent[]): void {
    for (const event of events) this.publish(shopId, event);
    // In the same turn, so that a viewer's own events and everyone's leave in one write.
    for (const liveId of this.watched.get(shopId)?.keys() ?? []) {
      this.conflator.flushIfDue(liveRoom(shopId, liveId));
    }
  }

  /** Every watched live gets its items and their stock as they are now, and whoever missed something of their own all of it. */
  async onGap(shopId: string, since: number | undefined): Promise<void> {
    const lives = [...(this.watched.get(shopId)?.keys() ?? [])];
    await Promise.all(lives.map((liveId) => this.republish(shopId, liveId)));
    if (since === undefined) return;
    await this.missedEvents.publish(shopId, since);
    this.emitter.sendHostsBack(shopId);
  }

  /** The lives that sockets of this server are in, with this server's share of the audience. */
  *audiences(): Iterable<LocalAudience> {
    for (const [shopId, lives] of this.watched) {
      for (const liveId of lives.keys()) {
        const room = liveRoom(shopId, liveId);
        const { emitter } = this;
        yield { shopId, liveId, viewers: emitter.audience(room), hosts: emitter.hasHosts(room) };
      }
    }
  }

  close(): void {
    this.conflator.close();
    this.changedRights.close();
  }

  private publish(shopId: string, event: StoreEvent): void {
    switch (event.type) {
      case 'live':
        this.trackItems(shopId, event.live);
        this.emitter.toLive(
          liveRoom(shopId, event.live.liveId),
          publicMessage('live:updated', { live: event.live }),
        );
        return;
      case 'stock':
      case 'released':
      case 'item':
        for (const live of this.watched.get(shopId)?.values() ?? []) {
          if (live.itemIds) this.publishToLive(shopId, live, event);
          else live.early.push(event);
        }
        return;
      case 'rules':
        this.changedRights.publish(shopId, event.before);
        return;
      case 'fact':
      case 'changed':
        return;
      case 'question':
        this.commentToHosts(shopId, event.comment);
        return;
      case 'comment':
        // What the writer has got comes to them as any booking does.
        this.commentToHosts(shopId, JSON.parse(event.payload).comment);
        return;
      default:
        if (isForViewer(event)) this.publishPrivately(shopId, event);
    }
  }

  /** Publishes to one live what concerns the items that it features. */
  private publishToLive(shopId: string, live: WatchedLive, event: PublicStoreEvent): void {
    const room = liveRoom(shopId, live.liveId);
    const featured = (itemId: string) => live.itemIds?.has(itemId) ?? false;
    if (event.type === 'stock') {
      for (const view of event.items) if (featured(view.itemId)) this.conflator.stock(room, view);
    } else if (event.type === 'released') {
      for (const release of event.releases) {
        if (featured(release.itemId)) this.conflator.release(room, release);
      }
    } else if (event.type === 'item' && featured(event.item.itemId)) {
      this.emitter.toLive(room, publicMessage('item:updated', { item: event.item }));
    }
  }

  private commentToHosts(shopId: string, comment: QuestionStoreEvent['comment']): void {
    this.emitter.toHosts(shopId, 'comment:handled', () =>
      JSON.stringify({ comment: answered(comment) }),
    );
  }

  private publishPrivately(shopId: string, event: ViewerStoreEvent): void {
    const { type, viewerId, payload, viewer } = event;
    const name = PRIVATE_EVENTS[type];
    if (type === 'viewer') this.changedRights.isPublished(shopId, viewerId);
    if (type === 'booking') this.bookingToViewer(shopId, viewerId, payload);
    else this.emitter.toViewer(shopId, viewerId, name, payload);
    if (isForHosts(name))
      this.emitter.toHosts(shopId, name, () => `${payload.slice(0, -1)},"viewer":${viewer}}`);
  }

  /** To all of the viewer's sockets but the one that has this very booking in its acknowledgement. */
  private bookingToViewer(shopId: string, viewerId: string, payload: string): void {
    const bookingId = payload.slice(BOOKING_ID_FROM, payload.indexOf('"', BOOKING_ID_FROM));
    this.emitter.toViewer(shopId, viewerId, 'booking:updated', payload, (socketId) =>
      this.acks.withholds(socketId, bookingId, payload),
    );
  }

  private flush(room: string, { stock, releases }: LiveUpdates): void {
    const liveId = liveOfRoom(room)?.liveId ?? '';
    const messages: Message[] = [];
    if (stock.length > 0) messages.push(publicMessage('stock:changed', { liveId, items: stock }));
    if (releases.length > 0) messages.push(publicMessage('stock:released', { liveId, releases }));
    if (messages.length > 0) this.emitter.toLive(room, ...messages);
  }

  private roomLeft(room: string): void {
    const live = liveOfRoom(room);
    if (!live || !this.emitter.isEmpty(room)) return;
    this.conflator.drop(room);
    this.watched.get(live.shopId)?.delete(live.liveId);
    if (this.watched.get(live.shopId)?.size === 0) this.watched.delete(live.shopId);
  }

  private async republish(shopId: string, liveId: string): Promise<void> {
    const snapshot = await this.snapshots.afterLoss(shopId, liveId).catch((error: unknown) => {
      // Not a live (any more): there is nothing to publish.
      if (error instanceof AppError && error.code === 'NOT_FOUND') return undefined;
      throw error;
    });
    if (!snapshot) return;
    this.trackItems(shopId, snapshot.live);
    const room = liveRoom(shopId, liveId);
    this.emitter.toLive(room, publicMessage('live:updated', { live: snapshot.live }));
    for (const item of snapshot.items) {
      this.emitter.toLive(room, publicMessage('item:updated', { item }));
      this.conflator.stock(room, item);
    }
  }
}
