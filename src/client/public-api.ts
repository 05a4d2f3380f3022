import type { Page, ShopView } from '../protocol/http.js';
import type { LedgerEntry } from '../protocol/viewer.js';
import { Http, type HttpOptions, type PageOf } from './http.js';

/** What anyone may ask, and with a viewer's token what the viewer may ask, over HTTP. */
export class PublicApi extends Http {
  /** The shops of this server, with their lives that are on. */
  shops(page: PageOf = {}): Promise<Page<ShopView>> {
    return this.request('GET', '/shops', { query: page });
  }

  async shop(shopId: string): Promise<ShopView> {
    const path = `/shops/${encodeURIComponent(shopId)}`;
    return (await this.request<{ shop: ShopView }>('GET', path)).shop;
  }

  /** A new guest of the shop, where the server admits guests. */
  createGuest(shopId: string, name: string): Promise<{ token: string; viewerId: string }> {
    return this.request('POST', `/shops/${encodeURIComponent(shopId)}/guests`, { body: { name } });
  }

  /** The viewer's own ledger, newest first. */
  myReputation(page: PageOf = {}): Promise<Page<LedgerEntry>> {
    return this.request('GET', '/me/reputation', { query: page });
  }

  /** Plays the customer's banking app, on a server with `PAYMENTS=sandbox`. */
  payInSandbox(paymentId: string): Promise<void> {
    const path = `/sandbox/qris/${encodeURIComponent(paymentId)}/pay`;
    return this.exchange('POST', path, {}, async () => {});
  }
}

export function publicApi(options?: HttpOptions): PublicApi {
  return new PublicApi(options);
}
