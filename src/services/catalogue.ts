import { createHash } from 'node:crypto';
import { AppError } from '../protocol/errors.js';
import type { ItemsQuery, Page, PageQuery } from '../protocol/http.js';
import {
  codeKey,
  type ItemCreate,
  type ItemPatch,
  type ItemsPut,
  type ItemView,
  type Restock,
} from '../protocol/item.js';
import type { Live, LiveCreate, LivePatch } from '../protocol/live.js';
import { itemOfCode, pageItems, pageItemsOfSku, readItem } from '../store/items.js';
import { requestDigest } from '../store/keys.js';
import { pageLives, readLive } from '../store/lives.js';
import { scripts } from '../store/scripts/index.js';
import type { Store } from '../store/store.js';
import { newId } from './shops.js';

/** What a shop sells and when: its items and lives, as the host keeps them. */
export class Catalogue {
  private readonly store: Store;
  /** What the address of a photo that this server keeps begins with, when it has a public address. */
  private readonly ownPhotos: string | undefined;

  constructor(store: Store, publicUrl: string | undefined) {
    this.store = store;
    this.ownPhotos = publicUrl && `${publicUrl}/photos/`;
  }

  items(shopId: string, query: ItemsQuery): Promise<Page<ItemView>> {
    if (query.code !== undefined) return itemOfCode(this.store, shopId, query.code, query.sku);
    if (query.sku !== undefined) return pageItemsOfSku(this.store, shopId, query.sku, query);
    return pageItems(this.store, shopId, query);
  }

  async item(shopId: string, itemId: string): Promise<ItemView> {
    return found(await readItem(this.store, shopId, itemId));
  }

  /** @throws ALREADY_EXISTS when the code is taken */
  async createItem(shopId: string, item: ItemCreate): Promise<ItemView> {
    return this.saveItem(shopId, newId('item'), 'create', item);
  }

  /** @throws NOT_FOUND; ALREADY_EXISTS when the code is taken */
  async patchItem(shopId: string, itemId: string, patch: ItemPatch): Promise<ItemView> {
    return this.saveItem(shopId, itemId, 'patch', patch);
  }

  /** By SKU: all lines, or none. @throws VALIDATION or ALREADY_EXISTS, with each line that is to blame */
  async putItems(
    shopId: string,
    hostId: string,
    { items, requestId }: ItemsPut,
  ): Promise<{ items: ItemView[]; created: number }> {
    const id = newId('item');
    const lines = items.map(({ imageUrl, stock, ...rest }, line) => ({
      available: stock,
      ...rest,
      ...(imageUrl === undefined ? {} : { imageUrl: this.ownPath(imageUrl) }),
      ...(rest.code === undefined ? {} : { codeKey: codeKey(rest.code) }),
      // Of one moment, so the later line is the newer item in lists.
      newId: `${id}${String(line).padStart(4, '0')}`,
    }));
    const asked = createHash('sha256').update(JSON.stringify(items)).digest('base64url');
    const digest = requestDigest(`host ${hostId}`, requestId ?? id);
    return this.store.run(scripts.itemsPut, shopId, [JSON.stringify(lines), hostId, digest, asked]);
  }

  /** @throws INSUFFICIENT_STOCK when `available` would go below 0; REQUEST_CONFLICT */
  async restock(
    shopId: string,
    hostId: string,
    itemId: string,
    restock: Restock,
  ): Promise<ItemView> {
    const digest = requestDigest(`host ${hostId}`, restock.requestId);
    const args = [itemId, String(restock.quantity), digest, hostId];
    return (await this.store.run(scripts.itemRestock, shopId, args)).item;
  }

  lives(shopId: string, query: PageQuery): Promise<Page<Live>> {
    return pageLives(this.store, shopId, query);
  }

  async live(shopId: string, liveId: string): Promise<Live> {
    return found(await readLive(this.store, shopId, liveId));
  }

  /** @throws NOT_FOUND when an item is not the shop's */
  createLive(shopId: string, live: LiveCreate): Promise<Live> {
    return this.saveLive(shopId, newId('live'), 'create', live);
  }

  patchLive(shopId: string, liveId: string, patch: LivePatch): Promise<Live> {
    return this.saveLive(shopId, liveId, 'patch', patch);
  }

  async setLiveStatus(shopId: string, liveId: string, status: 'live' | 'ended'): Promise<Live> {
    return (await this.store.run(scripts.liveStatus, shopId, [liveId, status])).live;
  }

  private async saveItem(
    shopId: string,
    itemId: string,
    mode: 'create' | 'patch',
    { imageUrl, ...rest }: ItemPatch,
  ): Promise<ItemView> {
    const fields = imageUrl === undefined ? rest : { ...rest, imageUrl: this.ownPath(imageUrl) };
    const key = fields.code === undefined ? '' : codeKey(fields.code);
    const args = [itemId, mode, JSON.stringify(fields), key];
    return (await this.store.run(scripts.itemSave, shopId, args)).item;
  }

  /** The path alone of a photo of our own, however it was named: the server's address may change. */
  private ownPath(imageUrl: string | null): string | null {
    if (!this.ownPhotos || !imageUrl?.startsWith(this.ownPhotos)) return imageUrl;
    return imageUrl.slice(this.ownPhotos.length - '/photos/'.length);
  }

  private async saveLive(
    shopId: string,
    liveId: string,
    mode: string,
    fields: LivePatch,
  ): Promise<Live> {
    const { itemIds, ...rest } = fields;
    const list = itemIds ? JSON.stringify(itemIds) : '';
    return (
      await this.store.run(scripts.liveSave, shopId, [liveId, mode, JSON.stringify(rest), list])
    ).live;
  }
}

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new AppError('NOT_FOUND');
  return value;
}
