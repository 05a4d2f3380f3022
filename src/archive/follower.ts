import type { Logger } from 'pino';
import {
  archiveProgress,
  beginMark,
  comparePositions,
  type Position,
  readEntries,
  type StreamEntry,
  writeMark,
} from '../store/events.js';
import type { Follower } from '../store/followers.js';
import { publicEventsOf } from '../store/public-events.js';
import type { Store } from '../store/store.js';
import { backfill } from './backfill.js';
import { readTouched, writeCopied } from './copy.js';
import type { ArchiveDatabase } from './database.js';
import { erasedIn, eraseViewer, touchErased } from './erase.js';
import { giveUpLease, isNew, type Lease, moveCursor, takeLease } from './lease.js';
import { undoLost } from './loss.js';
import {
  isOlder,
  type MovesState,
  movesInArchive,
  movesInRedis,
  noteOlder,
  OLDER,
  unsettle,
} from './moves.js';
import { Resuming } from './resuming.js';
import { Retention } from './retention.js';
import type { Rewriting } from './rewriting.js';
import { eventRow, namesIn, placeOf } from './rows.js';
import { touchedBy } from './touched.js';
import { upsert } from './writer.js';

export interface ArchiveFollowerOptions {
  store: Store;
  db: ArchiveDatabase;
  log: Logger;
  /** Names this server among those that may hold the lease. */
  token: string;
  stopping: AbortSignal;
  retentionDays: number;
  /** Called with what was archived. */
  onArchived(entries: number): void;
  /** Where nobody else writes the files of the database anew. */
  rewriting: Rewriting | undefined;
}

/** Entries of the stream in one transaction: an entry has up to some hundred bookings. */
const ENTRIES = 100;
/** How often it is looked for what may leave Redis, and when first, ms. */
const RETAIN_EVERY_MS = 60_000;
const FIRST_RETAIN_MS = 5_000;
/** Without a bell it is looked so often, ms. */
const LOOK_EVERY_MS = 3_000;
/** While another server has the lease, ms. */
const WAIT_FOR_LEASE_MS = 1_000;
/** Clocks of Redis and of the database may differ by less, ms. */
const DAY_MS = 86_400_000;
/** Of what is archived so much stays in the stream at least, or for so long, for servers that publish it to sockets. */
const ENTRIES_KEPT = 10_000;
const KEPT_MS = 600_000;

/**
 * Copies what happens in one shop into the archive: the events themselves, and each record that they name as Redis has it by
 * then. The cursor moves in the same transaction, so nothing is archived twice or left out, wherever a server dies.
 */
export class ArchiveFollower implements Follower {
  private readonly options: ArchiveFollowerOptions;
  private readonly shopId: string;
  private woken = false;
  /** What may have been left half done is being looked at again. */
  private resuming: Resuming | undefined;
  /** When it is looked next for what may leave Redis, ms of the monotonic clock. */
  private retainAt: number;
  private readonly retainEvery: number;
  private wake: () => void = () => {};
  /** Ends of parts that were archived, and how many entries had been by then: older ones may be trimmed. */
  private readonly ends: { id: Position; count: number }[] = [];
  private count = 0;

  constructor(options: ArchiveFollowerOptions, shopId: string) {
    this.options = options;
    this.shopId = shopId;
    this.retainEvery = Math.min(
      RETAIN_EVERY_MS,
      Math.max(500, (options.retentionDays * 86_400_000) / 10),
    );
    this.retainAt = performance.now() + Math.min(FIRST_RETAIN_MS, this.retainEvery);
  }

  ring(): void {
    this.woken = true;
    this.wake();
  }

  async run(): Promise<void> {
    const { store, stopping } = this.options;
    const { shopId } = this;
    await beginMark(store, shopId);
    let lease: Lease | undefined;
    try {
      while (!stopping.aborted) {
        const { archived, last } = await archiveProgress(store, shopId);
        const isDone = archived === last && archived === (lease?.cursor ?? archived);
        if (isDone && performance.now() < this.retainAt) {
          await this.pause(Math.min(LOOK_EVERY_MS, this.retainAt - performance.now()));
          continue;
        }
        lease = await takeLease(this.options.db, shopId, this.options.token);
        if (!lease) {
          await this.pause(WAIT_FOR_LEASE_MS);
          continue;
        }
        await this.drain(lease);
        if (performance.now() >= this.retainAt) await this.retain(lease);
      }
    } finally {
      if (lease) await giveUpLease(this.options.db, lease).catch(() => {});
    }
  }

  /** One step of what leaves Redis; soon the next one while there is more. */
  private async retain(lease: Lease): Promise<void> {
    const { store, db, retentionDays, stopping } = this.options;
    if (stopping.aborted) return;
    const moves = await this.moves();
    const since = moves.unsettled_since;
    let more = false;
    if (isOlder(moves)) this.resuming = undefined;
    else if (since !== null) {
      if (this.resuming?.since.getTime() !== since.getTime())
        this.resuming = new Resuming(store, db, since);
      more = await this.resuming.step(lease);
      if (!more) this.resuming = undefined;
      more = true;
    } else more = await new Retention(store, db, retentionDays).step(lease);
    this.retainAt = performance.now() + (more ? 0 : this.retainEvery);
  }

  /** How many moves there have been, held against Redis. */
  private async moves(): Promise<MovesState> {
    const { store, db, log } = this.options;
    const { shopId } = this;
    const inRedis = await movesInRedis(store, shopId);
    return db.transaction().execute(async (trx) => {
      const moves = await movesInArchive(trx, shopId);
      if (!moves) throw new Error(`${shopId} has no cursor`);
      const { drops, unsettled_since } = moves;
      if (drops !== null && drops < inRedis.n) {
        log.error({ shopId, inRedis: inRedis.n, inArchive: drops }, OLDER);
        await noteOlder(trx, shopId, inRedis.n);
      } else if (drops === null || (drops > inRedis.n && unsettled_since === null)) {
        // One of before this was counted; or Redis came back without its last moves.
        const at = drops === null ? await store.clock(shopId) : inRedis.at;
        await trx
          .updateTable('cursors')
          .set({ drops: drops ?? inRedis.n })
          .where('shop_id', '=', shopId)
          .execute();
        await unsettle(trx, shopId, at - DAY_MS);
      }
      return (await movesInArchive(trx, shopId)) ?? moves;
    });
  }

  /** Until all is archived, or the server stops. */
  private async drain(lease: Lease): Promise<void> {
    const { store, stopping } = this.options;
    while (!stopping.aborted) {
      // First what the newest is, then what there is: an entry that is appended in between is no gap.
      const { last } = await archiveProgress(store, this.shopId);
      const entries = await readEntries(store, this.shopId, lease.cursor, ENTRIES);
      const before = entries[0]?.after ?? last;
      if (before !== lease.cursor) await this.mend(lease, before, last);
      else if (entries.length > 0) await this.copy(lease, entries);
      await this.mark(lease, entries.length);
      if (lease.cursor === last && before === lease.cursor) return;
    }
  }

  /** The stream does not go on from the cursor. */
  private async mend(lease: Lease, before: Position, last: Position): Promise<void> {
    const { store, db, log } = this.options;
    const { shopId, cursor } = lease;
    if (comparePositions(before, cursor) < 0) {
      log.warn({ shopId, from: before, to: cursor }, 'Redis has lost events that are archived');
      const found = await undoLost(store, db, lease, before);
      if (found.missing + found.older > 0)
        log.error(
          { shopId, ...found },
          'records of the archive are lost in Redis: npm run verify names them',
        );
    } else {
      if (!isNew(lease))
        log.error({ shopId, from: cursor, to: before }, 'events left Redis unarchived');
      await backfill(store, db, lease, last, this.options.stopping);
    }
  }

  private async copy(lease: Lease, entries: StreamEntry[]): Promise<void> {
    const { store, db, rewriting } = this.options;
    const { shopId } = this;
    const end = entries.at(-1)?.id ?? lease.cursor;
    const events = entries.flatMap(publicEventsOf);
    const names = namesIn(shopId, entries);
    const touched = touchedBy(entries);
    const erased = erasedIn(entries);
    for (const { viewerId } of erased) await touchErased(db, shopId, viewerId, touched);
    const copied = await readTouched(store, db, shopId, end, touched);
    await db.transaction().execute(async (trx) => {
      await moveCursor(trx, lease, end);
      await upsert(
        trx,
        'events',
        events.map((event) => eventRow(shopId, event)),
      );
      await upsert(trx, 'items', names.items);
      await upsert(trx, 'lives', names.lives);
      await upsert(trx, 'viewers', names.viewers);
      for (const { viewerId, by } of erased) await eraseViewer(trx, shopId, viewerId, by);
      if (erased.length > 0) await rewriting?.mark(trx, shopId);
      // Read after the erasure, so it knows nobody who was erased.
      await writeCopied(store, trx, shopId, end, copied);
    });
    lease.cursor = end;
    if (erased.length > 0) rewriting?.start();
  }

  /** Tells Redis what it may trim. */
  private async mark({ cursor }: Lease, entries: number): Promise<void> {
    this.count += entries;
    if (entries > 0) this.ends.push({ id: cursor, count: this.count });
    let bound: Position = `${Math.max(0, placeOf(cursor).entry_ms - KEPT_MS)}-0`;
    while (this.ends[0] && this.count - this.ends[0].count >= ENTRIES_KEPT) {
      const { id } = this.ends.shift() ?? this.ends[0];
      if (comparePositions(id, bound) > 0) bound = id;
    }
    await writeMark(this.options.store, this.shopId, { bound, archived: cursor });
    this.options.onArchived(entries);
  }

  private async pause(ms: number): Promise<void> {
    if (!this.woken && !this.options.stopping.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.woken = false;
  }
}
