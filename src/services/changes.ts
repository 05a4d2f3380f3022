import type { Page, PageQuery } from '../protocol/http.js';
import { type Change, ChangeSchema } from '../protocol/staff.js';
import { shopKey } from '../store/keys.js';
import { page } from '../store/paging.js';
import { scripts } from '../store/scripts.js';
import type { Store } from '../store/store.js';
import { newId } from './shops.js';

/** What a host asks for. */
type Asked = Pick<Change, 'by' | 'name' | 'call' | 'id' | 'fields'>;

/** Who changed what in a shop. */
export class Changes {
  private readonly store: Store;

  constructor(store: Store) {
    this.store = store;
  }

  /** Kept before the change is made: a crash right after it must not leave it without a name. @returns its id */
  async keep(shopId: string, asked: Asked): Promise<string> {
    const changeId = newId('ch');
    await this.store.run(scripts.changeKeep, shopId, [changeId, JSON.stringify(asked)]);
    return changeId;
  }

  /** It was refused, and nothing has changed. */
  async drop(shopId: string, changeId: string): Promise<void> {
    await this.store.run(scripts.changeDrop, shopId, [changeId]);
  }

  /** Newest first. */
  list(shopId: string, query: PageQuery): Promise<Page<Change>> {
    const key = shopKey(shopId);
    return page(this.store, { key: `${key}:changes` }, query, (ids) =>
      Promise.all(
        ids.map(async (id) => {
          const record = await this.store.read((redis) => redis.get(`${key}:change:${id}`));
          return record === null ? undefined : ChangeSchema.parse(JSON.parse(record));
        }),
      ),
    );
  }
}
