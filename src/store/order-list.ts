import type { HostOrder, OrdersQuery, Page } from '../protocol/http.js';
import type { Order } from '../protocol/order.js';
import { digitsTyped } from '../protocol/text.js';
import { shopKey } from './keys.js';
import { orderOf, readOrder } from './orders.js';
import { page, pastOf } from './paging.js';
import type { Store } from './store.js';
import { readViewer } from './viewers.js';

/** An order with what the shop alone knows of it. */
export type ShopOrder = Omit<HostOrder, 'viewer'>;

/** Orders, newest first, through the index that holds the fewest others. */
export async function pageOrders(
  store: Store,
  shopId: string,
  query: OrdersQuery,
): Promise<Page<ShopOrder>> {
  const named = query.q === undefined ? undefined : await orderNamed(store, shopId, query.q);
  if (named !== undefined) {
    const order = await load(store, shopId, named);
    const wanted = order && query.cursor === undefined && isOf(order, query);
    const live = query.liveId === undefined || (await isOfLive(store, shopId, query.liveId, named));
    return { items: wanted && live ? [order] : [], nextCursor: null };
  }
  const key = indexFor(shopId, query);
  const search = new Search(store, shopId, query.q);
  const liveId = key === liveIndex(shopId, query.liveId) ? undefined : query.liveId;
  const ofIds = (ids: string[]) =>
    Promise.all(
      ids.map(async (id) => {
        const order = await load(store, shopId, id);
        if (!order || !isOf(order, query) || !(await search.finds(order))) return undefined;
        if (liveId !== undefined && !(await isOfLive(store, shopId, liveId, id))) return undefined;
        return order;
      }),
    );
  const index = query.sort === 'paidAt' ? 'paid_at' : 'orders';
  const past = pastOf(store, shopId, index, async (records, after, limit) =>
    (await records.orders(shopId, query, after, limit)).map((one) => {
      const { order, hostNote } = orderOf(one.row);
      return { ...one, row: { ...order, hostNote } };
    }),
  );
  return page(store, { key }, query, ofIds, past);
}

function liveIndex(shopId: string, liveId: string | undefined): string {
  return `${shopKey(shopId)}:orders:live:${liveId}`;
}

function indexFor(shopId: string, { sort, liveId, viewerId, status }: OrdersQuery): string {
  const base = `${shopKey(shopId)}:orders`;
  if (sort === 'paidAt') return `${base}:paid_at`;
  if (viewerId !== undefined) return `${base}:viewer:${viewerId}`;
  if (liveId !== undefined) return liveIndex(shopId, liveId);
  return status === undefined ? base : `${base}:${status}`;
}

function isOf(order: Order, { status, viewerId, fulfilment, sort }: OrdersQuery): boolean {
  return (
    (status === undefined || order.status === status) &&
    (viewerId === undefined || order.viewerId === viewerId) &&
    (fulfilment === undefined || order.fulfilment === fulfilment) &&
    (sort !== 'paidAt' || order.paidAt !== undefined)
  );
}

async function isOfLive(
  store: Store,
  shopId: string,
  liveId: string,
  orderId: string,
): Promise<boolean> {
  const rank = await store.read((redis) => redis.zRevRank(liveIndex(shopId, liveId), orderId));
  return rank !== null;
}

async function load(store: Store, shopId: string, orderId: string): Promise<ShopOrder | undefined> {
  const stored = await readOrder(store, shopId, orderId);
  return stored && { ...stored.order, hostNote: stored.hostNote };
}

/** The order of a code or an invoice number, as people type it. */
async function orderNamed(store: Store, shopId: string, q: string): Promise<string | undefined> {
  const name = q.replace('#', '').trim().toUpperCase();
  const [id] = await store.read((redis) => redis.hmGet(`${shopKey(shopId)}:orders:codes`, [name]));
  return id ?? (await store.past?.orderNamed(shopId, name));
}

/** Looks for a text in what people know of an order. */
class Search {
  private readonly store: Store;
  private readonly shopId: string;
  private readonly text: string;
  private readonly digits: string;
  private readonly names = new Map<string, Promise<string>>();

  constructor(store: Store, shopId: string, q = '') {
    this.store = store;
    this.shopId = shopId;
    this.text = q.toLowerCase();
    this.digits = digitsTyped(q);
  }

  async finds(order: Order): Promise<boolean> {
    if (this.text === '' || this.isIn(order)) return true;
    return (await this.nameOf(order.viewerId)).toLowerCase().includes(this.text);
  }

  private isIn({ code, invoiceNumber, recipient, total, payment }: Order): boolean {
    const { text, digits } = this;
    const words = [code, invoiceNumber, recipient?.name].map((word) => word?.toLowerCase());
    if (words.some((word) => word?.includes(text))) return true;
    if (digits === '') return false;
    if (digits === String(total) || digits === String(payment?.amount)) return true;
    const local = digits.replace(/^(?:62|0)/, '');
    return local.length >= 4 && recipient?.phone.includes(local) === true;
  }

  private nameOf(viewerId: string): Promise<string> {
    const name =
      this.names.get(viewerId) ??
      readViewer(this.store, this.shopId, viewerId).then((viewer) => viewer?.name ?? '');
    this.names.set(viewerId, name);
    return name;
  }
}
