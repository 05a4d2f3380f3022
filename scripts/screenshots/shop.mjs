/** Shops to take pictures of: each scene has one of its own. */
import { Api, connectViewer } from 'livehold/client';
import { signToken } from '../local-token.mjs';

const ITEMS = [
  { code: 'A1', name: 'Kemeja Panjang Linen / S', price: 129_000, stock: 10 },
  { code: 'A2', name: 'Kemeja Panjang Linen / M', price: 129_000, stock: 6 },
  { code: 'A3', name: 'Kemeja Panjang Linen / L', price: 129_000, stock: 0 },
  { code: 'B1', name: 'Tunik Batik Parang', price: 185_000, stock: 4 },
  { code: 'C1', name: 'Hijab Voal Premium', price: 49_000, stock: 25 },
  { code: 'D1', name: 'Tas Rotan Bundar', price: 215_000, stock: 1 },
];
const TITLE = 'Live Malam: Kemeja & Tunik Baru';

export const RECIPIENT = {
  name: 'Siti Aminah',
  phone: '0812-3456-7890',
  address: 'Jl. Melati 5, RT 02/RW 03',
  district: 'Coblong',
  city: 'Bandung',
  postalCode: '40132',
};

let shops = 0;

/** A shop with a live, over the API; `close` ends what it opened. */
export class Shop {
  /** @type {import('livehold/client').ViewerClient[]} */
  viewers = [];

  /**
   * @param {string} url
   * @param {string} shopId
   * @param {Api} api
   * @param {string} liveId
   * @param {import('../../src/protocol/item.js').ItemView[]} items
   */
  constructor(url, shopId, api, liveId, items) {
    this.url = url;
    this.shopId = shopId;
    this.api = api;
    this.liveId = liveId;
    this.items = items;
    this.livePage = `/live/${shopId}/${liveId}`;
  }

  /**
   * @param {string} url
   * @param {{ settings?: import('../../src/protocol/settings.js').SettingsPatch, items?: typeof ITEMS, started?: boolean }} [options]
   */
  static async open(url, { settings = {}, items = ITEMS, started = true } = {}) {
    shops += 1;
    const shopId = `gambar-${shops}`;
    const token = await signToken({
      role: 'host',
      sub: 'bu-ani',
      shop: shopId,
      name: 'Bu Ani',
      ttl: '2h',
    });
    const api = new Api({ url, token });
    await api.call('PATCH /shop', { body: { name: 'Toko Kemeja Kita' } });
    await api.call('PATCH /settings', { body: settings });
    const made = [];
    for (const item of items) {
      const body = { sku: `SKU-${item.code}`, ...item };
      made.push((await api.call('POST /items', { body })).item);
    }
    const itemIds = made.map(({ itemId }) => itemId);
    const { live } = await api.call('POST /lives', { body: { title: TITLE, itemIds } });
    const shop = new Shop(url, shopId, api, live.liveId, made);
    if (made[0]) await shop.pin(made[0].code);
    if (started) await api.call('POST /lives/:id/start', { params: { id: live.liveId } });
    return shop;
  }

  /** @param {string} code */
  item(code) {
    const found = this.items.find((item) => item.code === code);
    if (found === undefined) throw new Error(`there is no ${code}`);
    return found.itemId;
  }

  /** @param {string} code */
  async pin(code) {
    const params = { id: this.liveId };
    await this.api.call('PATCH /lives/:id', { params, body: { pinnedItemId: this.item(code) } });
  }

  /** The page of the live, signed in as somebody. @param {string} name */
  async pageOf(name) {
    const claims = { role: 'viewer', sub: idOf(name), shop: this.shopId, name, ttl: '2h' };
    return `${this.livePage}#token=${await signToken(claims)}`;
  }

  async console() {
    const claims = { role: 'host', sub: 'bu-ani', shop: this.shopId, name: 'Bu Ani', ttl: '2h' };
    return `/host#token=${await signToken(claims)}`;
  }

  /** Somebody else who buys. @param {string} name */
  async viewer(name) {
    const claims = { role: 'viewer', sub: idOf(name), shop: this.shopId, name, ttl: '2h' };
    const token = await signToken(claims);
    const { url, shopId, liveId } = this;
    const viewer = connectViewer({ url, token, shopId, liveId });
    this.viewers.push(viewer);
    await viewer.ready();
    return viewer;
  }

  /**
   * @param {string} name
   * @param {string} code
   * @param {number} [quantity]
   */
  async book(name, code, quantity = 1) {
    const viewer = await this.viewer(name);
    await viewer.book(this.item(code), quantity);
    return viewer;
  }

  /**
   * Books and orders, to be paid by transfer.
   * @param {string} name
   * @param {string} code
   * @param {{ claimed?: boolean, paid?: boolean, to?: string }} [options]
   */
  async order(name, code, { claimed = false, paid = false, to = name } = {}) {
    const viewer = await this.book(name, code);
    const { checkoutId } = await viewer.startCheckout();
    const recipient = { ...RECIPIENT, name: to };
    const order = await viewer.placeOrder(checkoutId, 'bank_transfer', { recipient });
    if (claimed) await viewer.claimTransfer(order.orderId);
    const params = { id: order.orderId };
    if (paid) await this.api.call('POST /orders/:id/confirm-payment', { params });
    return order;
  }

  close() {
    for (const viewer of this.viewers) viewer.close();
  }
}

/** @param {string} name */
function idOf(name) {
  return name.toLowerCase().replace(/\W+/g, '-');
}
