import { setTimeout as delay } from 'node:timers/promises';
import type { EventsAnswer, EventsQuery, PublicEvent } from '../../protocol/webhook.js';
import { comparePositions, keepEvents, readEntries, type StreamEntry } from '../../store/events.js';
import { publicEventsOf } from '../../store/public-events.js';
import type { Store } from '../../store/store.js';

/** Entries of the stream that are looked at together. */
const ENTRIES = 200;
const LOOK_EVERY_MS = 250;
/** Answers that are held at once, of all shops; who comes later is answered without waiting. */
const MOST_HELD = 200;

/** What happened in a shop, in order, for systems that ask. */
export class EventFeed {
  private readonly store: Store;
  private readonly stopping = new AbortController();
  private held = 0;

  constructor(store: Store) {
    this.store = store;
  }

  /** Answers that are held are given now: the server stops, and who asks again meets another. */
  stop(): void {
    this.stopping.abort();
  }

  /** The events after a cursor; with `wait` (seconds) it answers when there are some, or when that time is over. */
  async page(shopId: string, query: EventsQuery): Promise<EventsAnswer> {
    await keepEvents(this.store, shopId);
    const waits = query.wait > 0 && this.held < MOST_HELD;
    const until = performance.now() + (waits ? query.wait * 1_000 : 0);
    if (waits) this.held += 1;
    try {
      let cursor = query.after;
      for (;;) {
        const part = await this.read(shopId, { ...query, after: cursor });
        cursor = part.nextCursor;
        if (part.items.length > 0) return part;
        if (part.more) continue;
        const { signal } = this.stopping;
        if (performance.now() >= until || signal.aborted) return { items: [], nextCursor: cursor };
        await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
      }
    } finally {
      if (waits) this.held -= 1;
    }
  }

  private async read(
    shopId: string,
    query: EventsQuery,
  ): Promise<EventsAnswer & { more: boolean }> {
    const { after } = query;
    const place = before(after);
    const entries = await readEntries(this.store, shopId, place, ENTRIES);
    const [first] = entries;
    const { past } = this.store;
    // What was trimmed is in the archive alone.
    if (past && first && comparePositions(first.after, place) > 0) {
      const earlier = await past.events(shopId, after, first.id, ENTRIES);
      const end = earlier.at(-1)?.id;
      if (end !== undefined) return { ...pageOf(earlier, query, end), more: true };
    }
    const events = entries.flatMap((entry) => follows(entry, after));
    const part = pageOf(events, query, entries.at(-1)?.id ?? after);
    return { ...part, more: part.isCut || entries.length === ENTRIES };
  }
}

/** As many as are asked for, of the types asked for, and where to go on; `end` is the place after all of them. */
function pageOf(events: PublicEvent[], { types, limit }: EventsQuery, end: string) {
  const wanted = events.filter(({ type }) => !types || types.includes(type));
  const items = wanted.slice(0, limit);
  const isCut = items.length < wanted.length;
  return { items, isCut, nextCursor: (isCut && items.at(-1)?.id) || end };
}

/** More than any sequence number that Redis gives in one millisecond. */
const LAST_SEQUENCE = '18446744073709551615';

/** The place before the entry of a cursor that stands within it: what is left of that entry is read again. */
function before(cursor: string): string {
  const [ms = '0', seq = '0', within] = cursor.split('-');
  if (within === undefined) return cursor;
  return seq === '0' ? `${Number(ms) - 1}-${LAST_SEQUENCE}` : `${ms}-${Number(seq) - 1}`;
}

function follows(entry: StreamEntry, cursor: string): PublicEvent[] {
  const events = publicEventsOf(entry);
  if (!cursor.startsWith(`${entry.id}-`)) return events;
  const within = Number(cursor.split('-')[2]);
  return events.filter(({ id }) => Number(id.split('-')[2]) > within);
}
