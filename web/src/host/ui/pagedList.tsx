import { type ReadonlySignal, signal } from '@preact/signals';
import type { Outcome } from '../../../../src/client/index.js';
import type { Page } from '../../../../src/protocol/http.js';
import { type CommandError, common } from '../../shared/messages.js';
import { hostErrorText } from '../messages/errors.js';
import { shell } from '../messages/shell.js';
import type { PageOf } from '../state/api.js';

/** A list that the server gives in pages. A new load replaces it; an answer to an older question is dropped. */
export interface PagedList<Row> {
  readonly rows: ReadonlySignal<readonly Row[] | null>;
  readonly hasMore: ReadonlySignal<boolean>;
  readonly busy: ReadonlySignal<boolean>;
  readonly error: ReadonlySignal<CommandError | null>;
  load(read: (page: PageOf) => Promise<Outcome<Page<Row>>>): Promise<void>;
  more(): Promise<void>;
  /** Puts a changed row in its place, or adds it on top when it is wanted and new. */
  put(row: Row, same: (other: Row) => boolean, addIfNew: boolean): void;
  drop(which: (row: Row) => boolean): void;
}

export function createPagedList<Row>(limit = 50): PagedList<Row> {
  const rows = signal<readonly Row[] | null>(null);
  const cursor = signal<string | null>(null);
  const hasMore = signal(false);
  const busy = signal(false);
  const error = signal<CommandError | null>(null);
  let reader: ((page: PageOf) => Promise<Outcome<Page<Row>>>) | null = null;

  const fetchPage = async (from: string | null) => {
    const asked = reader;
    if (asked === null) return;
    busy.value = true;
    const outcome = await asked({ cursor: from, limit });
    if (asked !== reader) return;
    busy.value = false;
    error.value = outcome.ok ? null : outcome.error;
    if (!outcome.ok) return;
    rows.value =
      from === null ? outcome.data.items : [...(rows.value ?? []), ...outcome.data.items];
    cursor.value = outcome.data.nextCursor;
    hasMore.value = outcome.data.nextCursor !== null;
  };

  return {
    rows,
    hasMore,
    busy,
    error,
    load(read) {
      reader = read;
      return fetchPage(null);
    },
    more: () => fetchPage(cursor.value),
    put(row, same, addIfNew) {
      const known = rows.value ?? [];
      if (known.some(same)) rows.value = known.map((other) => (same(other) ? row : other));
      else if (addIfNew) rows.value = [row, ...known];
    },
    drop(which) {
      rows.value = (rows.value ?? []).filter((row) => !which(row));
    },
  };
}

/** Below a list: that it loads, that it failed, that it is empty, or the way to more of it. */
export function ListFoot<Row>({ list, empty }: { list: PagedList<Row>; empty: string }) {
  const error = list.error.value;
  if (error !== null) {
    return (
      <p class="list-foot field-error" role="alert">
        {hostErrorText(error)}
      </p>
    );
  }
  if (list.rows.value === null) return <p class="list-foot muted">{common('loading')}</p>;
  if (list.hasMore.value) {
    return (
      <p class="list-foot">
        <button
          type="button"
          class="button"
          disabled={list.busy.value}
          onClick={() => void list.more()}
        >
          {shell('loadMore')}
        </button>
      </p>
    );
  }
  return list.rows.value.length === 0 ? <p class="list-foot muted">{empty}</p> : null;
}
