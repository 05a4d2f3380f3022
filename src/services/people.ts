import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { answered } from '../protocol/comment.js';
import { AppError } from '../protocol/errors.js';
import type { Page } from '../protocol/http.js';
import type { PersonExport } from '../protocol/person.js';
import { readRefund } from '../store/refunds.js';
import { scripts } from '../store/scripts/index.js';
import type { Store } from '../store/store.js';
import { commentsOf, handlesOf, readOrigin, readTraces, readViewer } from '../store/viewers.js';
import type { Bookings } from './bookings.js';
import type { Orders } from './orders.js';
import type { RedisFile } from './redis-file.js';
import type { Viewers } from './viewers.js';

interface PeopleOptions {
  store: Store;
  viewers: Viewers;
  bookings: Bookings;
  orders: Orders;
  /** Where Redis is ours alone, and so its file ours to rewrite. */
  redisFile: RedisFile | undefined;
}

/** Rows that are read at once. */
const PART = 200;
/** Another erasure in the same shop is waited for so long between two looks, ms. */
const LOOK_AGAIN_MS = 200;

/** What a shop knows of a person: shown to them, and erased. */
export class People {
  private readonly options: PeopleOptions;

  constructor(options: PeopleOptions) {
    this.options = options;
  }

  /** @throws NOT_FOUND when nothing is kept, also of one who was erased */
  async exported(shopId: string, viewerId: string): Promise<PersonExport> {
    const { store, viewers, bookings, orders } = this.options;
    const known =
      (await readViewer(store, shopId, viewerId)) ?? (await readTraces(store, shopId, viewerId));
    if (!known) throw new AppError('NOT_FOUND');
    // As a guest, who gets no record by this.
    const asked = { viewerId, name: '', guest: true };
    const { reputation, status, recipient, waitlist } = await viewers.me(shopId, asked);
    const origin = await readOrigin(store, shopId, viewerId);
    const handles = await handlesOf(store, shopId, viewerId);
    const viewer = { viewerId, name: known.name, reputation, status, ...origin };
    const placed = await all((part) =>
      orders.list(shopId, { ...part, viewerId, sort: 'createdAt' }),
    );
    const refundIds = placed.flatMap(({ refunds = [] }) => refunds.map((one) => one.refundId));
    const refunds = await Promise.all(refundIds.map((id) => readRefund(store, shopId, id)));
    const comments = await Promise.all(handles.map((one) => commentsOf(store, shopId, one)));
    return {
      viewer,
      handles,
      recipient,
      bookings: await all((part) => bookings.list(shopId, { ...part, viewerId })),
      waitlist,
      orders: await viewers.beside(shopId, placed),
      refunds: refunds.filter((refund) => refund !== undefined),
      ledger: await all((part) => viewers.ownLedger(shopId, viewerId, part)),
      comments: comments.flat().map(answered),
    };
  }

  /**
   * Erases a person in bounded steps, each of which leaves all sums as they are. One that is cut short is done by the next;
   * the first step decides whether there is a next one.
   * @throws NOT_FOUND, VIEWER_BUSY
   */
  async erase(shopId: string, viewerId: string): Promise<void> {
    const { store, redisFile } = this.options;
    const step = (part: string, asked: unknown = {}) =>
      store.run(scripts.viewerErase, shopId, [viewerId, part, JSON.stringify(asked)]);
    const { now: before } = await step('who');
    for (const part of ['orders', 'ledger']) {
      for (let from = '', more = true; more; ) {
        const done = await step(part, { before, from });
        ({ more, next: from } = done);
      }
    }
    const handles = await handlesOf(store, shopId, viewerId);
    await this.eraseEvents(shopId, viewerId, handles);
    // Last, for by them it is known what else to look for.
    await step('handles', handles);
    await redisFile?.mark();
    redisFile?.start();
  }

  private async eraseEvents(shopId: string, viewerId: string, handles: string[]): Promise<void> {
    const args = [viewerId, randomUUID(), JSON.stringify(handles)];
    for (;;) {
      const { more, waits } = await this.options.store.run(scripts.eventsErase, shopId, args);
      if (!more) return;
      if (waits) await delay(LOOK_AGAIN_MS);
    }
  }
}

/** Every row of a list, from its pages. */
async function all<Row>(
  read: (part: { limit: number; cursor?: string | undefined }) => Promise<Page<Row>>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const part = await read({ limit: PART, cursor });
    rows.push(...part.items);
    cursor = part.nextCursor;
  }
  return rows;
}
