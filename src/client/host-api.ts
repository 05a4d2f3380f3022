import type { Booking } from '../protocol/booking.js';
import type {
  Audit,
  BookingsQuery,
  HostOrder,
  OrdersQuery,
  Page,
  ShopView,
  ViewersQuery,
} from '../protocol/http.js';
import type { ItemCreate, ItemPatch, ItemView, Restock } from '../protocol/item.js';
import type { Live, LiveCreate, LivePatch } from '../protocol/live.js';
import type { Order, PaymentNotice } from '../protocol/order.js';
import type { Settings, SettingsPatch } from '../protocol/settings.js';
import type { LedgerEntry, Viewer, ViewerStatus } from '../protocol/viewer.js';
import { newRequestId } from './command.js';
import { Http, type HttpOptions, type PageOf } from './http.js';

/** The fields of a list's query, all optional; null and "" leave one out. */
type Filter<Query> = PageOf & {
  [Field in Exclude<keyof Query, keyof PageOf>]?: Query[Field] | null | undefined;
};

const at = (collection: string, id: string, action = '') =>
  `/${collection}/${encodeURIComponent(id)}${action}`;

/** The API of a shop's host, one method a route. All throw `LiveholdError`. */
export class HostApi extends Http {
  async settings(): Promise<Settings> {
    return (await this.request<{ settings: Settings }>('GET', '/settings')).settings;
  }
  async patchSettings(patch: SettingsPatch): Promise<Settings> {
    return (await this.call<{ settings: Settings }>('PATCH', '/settings', patch)).settings;
  }
  async renameShop(name: string): Promise<ShopView> {
    return (await this.call<{ shop: ShopView }>('PATCH', '/shop', { name })).shop;
  }

  items(page: PageOf = {}): Promise<Page<ItemView>> {
    return this.list('/items', page);
  }
  async item(id: string): Promise<ItemView> {
    return (await this.call<{ item: ItemView }>('GET', at('items', id))).item;
  }
  async createItem(item: ItemCreate): Promise<ItemView> {
    return (await this.call<{ item: ItemView }>('POST', '/items', item)).item;
  }
  async patchItem(id: string, patch: ItemPatch): Promise<ItemView> {
    return (await this.call<{ item: ItemView }>('PATCH', at('items', id), patch)).item;
  }
  /** A request id of one's own makes it safe to call again after `TIMEOUT`. */
  async restock(id: string, quantity: number, requestId = newRequestId()): Promise<ItemView> {
    const restock: Restock = { quantity, requestId };
    return (await this.call<{ item: ItemView }>('POST', at('items', id, '/restock'), restock)).item;
  }

  lives(page: PageOf = {}): Promise<Page<Live>> {
    return this.list('/lives', page);
  }
  async live(id: string): Promise<Live> {
    return (await this.call<{ live: Live }>('GET', at('lives', id))).live;
  }
  async createLive(live: LiveCreate): Promise<Live> {
    return (await this.call<{ live: Live }>('POST', '/lives', live)).live;
  }
  async patchLive(id: string, patch: LivePatch): Promise<Live> {
    return (await this.call<{ live: Live }>('PATCH', at('lives', id), patch)).live;
  }
  async startLive(id: string): Promise<Live> {
    return (await this.call<{ live: Live }>('POST', at('lives', id, '/start'))).live;
  }
  async endLive(id: string): Promise<Live> {
    return (await this.call<{ live: Live }>('POST', at('lives', id, '/end'))).live;
  }

  bookings(filter: Filter<BookingsQuery> = {}): Promise<Page<Booking>> {
    return this.list('/bookings', filter);
  }
  /** Released at no cost to the viewer. */
  async cancelBooking(id: string): Promise<Booking> {
    return (await this.call<{ booking: Booking }>('POST', at('bookings', id, '/cancel'))).booking;
  }

  orders(filter: Filter<OrdersQuery> = {}): Promise<Page<HostOrder>> {
    return this.list('/orders', filter);
  }
  async order(id: string): Promise<HostOrder> {
    return (await this.call<{ order: HostOrder }>('GET', at('orders', id))).order;
  }
  /** The money of a bank transfer has arrived. */
  async confirmPayment(id: string): Promise<Order> {
    return (await this.call<{ order: Order }>('POST', at('orders', id, '/confirm-payment'))).order;
  }
  async cancelOrder(id: string): Promise<Order> {
    return (await this.call<{ order: Order }>('POST', at('orders', id, '/cancel'))).order;
  }
  /** A file of orders. */
  ordersCsv(filter: Filter<Omit<OrdersQuery, 'limit' | 'cursor'>> = {}): Promise<Blob> {
    return this.exchange(
      'GET',
      '/api/v1/orders.csv',
      { query: filter, timeoutMs: FILE_MS },
      (file) => file.blob(),
    );
  }
  paymentNotices(page: PageOf = {}): Promise<Page<PaymentNotice>> {
    return this.list('/payment-notices', page);
  }

  viewers(filter: Filter<ViewersQuery> = {}): Promise<Page<Viewer>> {
    return this.list('/viewers', filter);
  }
  async setViewerStatus(id: string, status: ViewerStatus): Promise<Viewer> {
    return (await this.call<{ viewer: Viewer }>('PATCH', at('viewers', id), { status })).viewer;
  }
  /** A viewer's ledger of reputation, newest first. */
  ledger(id: string, page: PageOf = {}): Promise<Page<LedgerEntry>> {
    return this.list(at('viewers', id, '/reputation'), page);
  }

  audit(): Promise<Audit> {
    return this.call('GET', '/audit');
  }

  private call<Answer>(
    method: 'GET' | 'POST' | 'PATCH',
    path: string,
    body?: unknown,
  ): Promise<Answer> {
    return this.request(method, path, { body });
  }

  private list<Row>(path: string, query: object): Promise<Page<Row>> {
    return this.request('GET', path, { query });
  }
}

/** A file of many orders takes its time, ms. */
const FILE_MS = 120_000;

export function hostApi(options: HttpOptions): HostApi {
  return new HostApi(options);
}
