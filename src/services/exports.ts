import type { ExportQuery, Page } from '../protocol/http.js';
import {
  BEGINNING,
  comparePositions,
  type Position,
  readEntries,
  streamEnd,
} from '../store/events.js';
import { publicEventsOf } from '../store/public-events.js';
import type { Store } from '../store/store.js';
import { viewerIds } from '../store/viewers.js';
import type { Bookings } from './bookings.js';
import type { Orders } from './orders.js';
import type { Viewers } from './viewers.js';

interface ExportsOptions {
  store: Store;
  viewers: Viewers;
  bookings: Bookings;
  orders: Orders;
}

/** Rows that are read at once: all that is in memory of an export, however long it is. */
const PART = 200;

type Rows = AsyncGenerator<object>;
/** Epoch ms: made at `from` or later, before `to`. */
interface Span {
  from: number;
  to: number;
}

/** A shop's records as rows, to be written out one after the other. */
export class Exports {
  private readonly options: ExportsOptions;

  constructor(options: ExportsOptions) {
    this.options = options;
  }

  /** Orders and bookings newest first, events oldest first, the ledger viewer by viewer. */
  rows(shopId: string, { kind, from, to = Number.POSITIVE_INFINITY }: ExportQuery): Rows {
    const span = { from, to };
    switch (kind) {
      case 'orders':
        return this.orders(shopId, span);
      case 'bookings':
        return this.bookings(shopId, span);
      case 'ledger':
        return this.ledger(shopId, span);
      case 'events':
        return this.events(shopId, span);
      default:
        return kind satisfies never;
    }
  }

  private async *orders(shopId: string, { from, to }: Span): Rows {
    const { orders, viewers } = this.options;
    const parts = pages((part) => orders.list(shopId, { ...part, sort: 'createdAt' }));
    for await (const part of parts) {
      const wanted = part.filter(({ createdAt }) => createdAt >= from && createdAt < to);
      yield* await viewers.beside(shopId, wanted);
      if (part.some(({ createdAt }) => createdAt < from)) return;
    }
  }

  private async *bookings(shopId: string, { from, to }: Span): Rows {
    const { bookings, viewers } = this.options;
    for await (const part of pages((query) => bookings.list(shopId, query))) {
      const wanted = part.filter(({ createdAt }) => createdAt >= from && createdAt < to);
      yield* await viewers.beside(shopId, wanted);
    }
  }

  private async *ledger(shopId: string, { from, to }: Span): Rows {
    const { store, viewers } = this.options;
    for await (const ids of viewerIds(store, shopId, PART))
      for (const viewerId of ids)
        for await (const part of pages((query) => viewers.ownLedger(shopId, viewerId, query)))
          for (const entry of part)
            if (entry.at >= from && entry.at < to) yield { viewerId, ...entry };
  }

  private async *events(shopId: string, { from, to }: Span): Rows {
    const { store } = this.options;
    // What happens while it is written out is not waited for.
    const end = Math.min(to, (await store.clock(shopId)) + 1);
    for (let place = from === 0 ? BEGINNING : `${from - 1}-${Number.MAX_SAFE_INTEGER}`; ; ) {
      const entries = await readEntries(store, shopId, place, PART);
      const [first] = entries;
      if (!first && comparePositions(await streamEnd(store, shopId), place) <= 0) return;
      // What was trimmed is in the archive alone.
      if (first === undefined || comparePositions(first.after, place) > 0) {
        const isEarlier = first !== undefined && comparePositions(first.id, `${end}-0`) < 0;
        yield* this.pastEvents(shopId, place, isEarlier ? first.id : `${end}-0`);
      }
      for (const event of entries.flatMap(publicEventsOf)) {
        if (event.at >= end) return;
        yield event;
      }
      const last = entries.at(-1)?.id;
      if (last === undefined) return;
      place = last;
    }
  }

  private async *pastEvents(shopId: string, from: Position, end: Position): Rows {
    const { past } = this.options.store;
    if (!past || comparePositions(from, end) >= 0) return;
    for (let after: string = from; ; ) {
      const part = await past.events(shopId, after, end, PART);
      yield* part;
      const last = part.at(-1);
      if (!last || part.length < PART) return;
      after = last.id;
    }
  }
}

async function* pages<Row>(
  read: (part: { limit: number; cursor?: string | undefined }) => Promise<Page<Row>>,
): AsyncGenerator<Row[]> {
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const part = await read({ limit: PART, cursor });
    yield part.items;
    cursor = part.nextCursor;
  }
}
