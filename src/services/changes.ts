import type { Page, PageQuery } from '../protocol/http.js';
import type { Change } from '../protocol/staff.js';
import { changesKey, readChange, removeChange, writeChange } from '../store/changes.js';
import { page } from '../store/paging.js';
import type { Store } from '../store/store.js';
import type { RedisClock } from './redis-clock.js';
import { newId } from './shops.js';

type Asked = Pick<Change, 'by' | 'name' | 'call' | 'id' | 'fields'>;

/** Who changed what in a shop. */
export class Changes {
  private readonly store: Store;
  private readonly clock: RedisClock;

  /** @param clock says when a change was made; nothing is decided by it */
  constructor(store: Store, clock: RedisClock) {
    this.store = store;
    this.clock = clock;
  }

  /** Kept before the change is made: a crash right after it must not leave it without a name. @returns its id */
  async keep(shopId: string, asked: Asked): Promise<string> {
    const changeId = newId('ch');
    const at = Math.round(this.clock.now() ?? (await this.store.clock(shopId)));
    await writeChange(this.store, shopId, { changeId, at, ...asked });
    return changeId;
  }

  /** It was refused, and nothing has changed. */
  async drop(shopId: string, changeId: string): Promise<void> {
    await removeChange(this.store, shopId, changeId);
  }

  /** Newest first. */
  list(shopId: string, query: PageQuery): Promise<Page<Change>> {
    return page(this.store, { key: changesKey(shopId) }, query, (ids) =>
      Promise.all(ids.map((id) => readChange(this.store, shopId, id))),
    );
  }
}
