import { randomBytes } from 'node:crypto';
import { AppError } from '../protocol/errors.js';
import type { Page, PageQuery, ShopView } from '../protocol/http.js';
import type { Settings, SettingsPatch } from '../protocol/settings.js';
import { SHOPS_KEY } from '../store/keys.js';
import { livesOn } from '../store/lives.js';
import { page } from '../store/paging.js';
import {
  hasShop,
  openShop,
  readSettings,
  readShopName,
  writeSettings,
  writeShopName,
} from '../store/shops.js';
import type { Store } from '../store/store.js';

/** An opaque id that says what it names: `item_9fK…`. 96 random bits. */
export function newId(kind: string): string {
  return `${kind}_${randomBytes(12).toString('base64url')}`;
}

/** Shops and their settings. A shop comes into being when a host first acts in it. */
export class Shops {
  private readonly store: Store;
  /** Shops that are in the list of all. */
  private readonly listed = new Set<string>();

  constructor(store: Store) {
    this.store = store;
    // After a reconnect the store may be another, or an emptied, one.
    store.onReady(() => this.listed.clear());
  }

  /** Makes the shop of a host's token if it is new. */
  async ensure(shopId: string): Promise<void> {
    // The store may have been emptied a moment ago, before anybody noticed.
    if (this.listed.has(shopId) && (await hasShop(this.store, shopId))) return;
    await openShop(this.store, shopId);
    this.listed.add(shopId);
  }

  async rename(shopId: string, name: string): Promise<void> {
    await writeShopName(this.store, shopId, name);
  }

  settings(shopId: string): Promise<Settings> {
    return readSettings(this.store, shopId);
  }

  patchSettings(shopId: string, patch: SettingsPatch): Promise<Settings> {
    return writeSettings(this.store, shopId, patch);
  }

  /** What anyone may know. @throws NOT_FOUND */
  async view(shopId: string): Promise<ShopView> {
    const shop = await this.find(shopId);
    if (!shop) throw new AppError('NOT_FOUND');
    return shop;
  }

  /** Every shop of this installation, newest first. */
  list(query: PageQuery): Promise<Page<ShopView>> {
    return page(this.store, { key: SHOPS_KEY }, query, (ids) =>
      Promise.all(ids.map((id) => this.find(id))),
    );
  }

  private async find(shopId: string): Promise<ShopView | undefined> {
    const [name, settings, lives] = await Promise.all([
      readShopName(this.store, shopId),
      readSettings(this.store, shopId),
      livesOn(this.store, shopId),
    ]);
    if (name === undefined) return undefined;
    return {
      shopId,
      name,
      socialMedia: filled(settings.socialMedia),
      marketplace: filled(settings.marketplace),
      lives,
    };
  }
}

function filled<Links extends Record<string, string>>(links: Links): Partial<Links> {
  return Object.fromEntries(
    Object.entries(links).filter(([, link]) => link !== ''),
  ) as Partial<Links>;
}
