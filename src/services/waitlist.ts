import { AppError } from '../protocol/errors.js';
import type { Page, PageQuery } from '../protocol/http.js';
import type { ItemView } from '../protocol/item.js';
import type { WaitlistEntry, WaitlistJoin } from '../protocol/waitlist.js';
import { readItem } from '../store/items.js';
import { requestDigest } from '../store/keys.js';
import { scripts } from '../store/scripts/index.js';
import type { Store } from '../store/store.js';
import { pageWaiting } from '../store/waitlist.js';
import type { Booker } from './bookings.js';
import type { ActiveShops } from './deadlines/active-shops.js';

/** Places in the waiting lines of items that are sold out. Who is served, and when, the scripts alone decide. */
export class Waitlist {
  private readonly store: Store;
  private readonly active: ActiveShops;

  constructor(store: Store, active: ActiveShops) {
    this.store = store;
    this.active = active;
  }

  /** @throws the codes of a booking; IN_STOCK, ALREADY_EXISTS, MAX_BOOKINGS for one place too many */
  async join(
    shopId: string,
    viewer: Booker,
    { liveId, itemId, quantity, requestId }: WaitlistJoin,
  ): Promise<{ entry: WaitlistEntry; item: ItemView }> {
    const { viewerId, name, guest } = viewer;
    const entryId = `wl_${requestDigest(viewerId, requestId)}`;
    await this.active.ensure(shopId);
    const who = [entryId, viewerId, name, guest ? '1' : ''];
    return this.store.run(scripts.waitlistJoin, shopId, [...who, liveId, itemId, String(quantity)]);
  }

  /** Who waits for an item, in the order of service. @throws NOT_FOUND for an item that is not the shop's */
  async list(shopId: string, itemId: string, query: PageQuery): Promise<Page<WaitlistEntry>> {
    if (!(await readItem(this.store, shopId, itemId))) throw new AppError('NOT_FOUND');
    return pageWaiting(this.store, shopId, itemId, query);
  }

  /** Twice is one effect and the same answer. @throws NOT_FOUND for an entry of another viewer */
  async leave(shopId: string, viewerId: string, entryId: string): Promise<WaitlistEntry> {
    return (await this.store.run(scripts.waitlistLeave, shopId, [entryId, viewerId])).entry;
  }
}
