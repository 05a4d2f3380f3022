import { common } from '../../shared/messages.js';
import { hostErrorText } from '../messages/errors.js';
import { shell } from '../messages/shell.js';
import type { PagedList } from './pagedList.js';

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
