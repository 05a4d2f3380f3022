import type { Audit } from '../../src/protocol/http.js';
import type { ItemView } from '../../src/protocol/item.js';
import type { Live } from '../../src/protocol/live.js';

/** The server refused a request of the host. */
class HostApiError extends Error {
  override name = 'HostApiError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** An audit of all that a long load has done takes its time; what takes longer is not coming, ms. */
const ANSWER_WITHIN_MS = 120_000;

/** What a host does over HTTP, for one shop. */
export class HostApi {
  private readonly base: string;
  private readonly token: string;

  constructor(url: string, token: string) {
    this.base = new URL('/api/v1', url).href;
    this.token = token;
  }

  async createItem(code: string, stock: number, price = 125_000): Promise<ItemView> {
    const item = { sku: `SKU-${code}`, code, name: `Kemeja Panjang ${code}`, price, stock };
    return (await this.call<{ item: ItemView }>('POST', '/items', item)).item;
  }

  /** A live that is on, with these items. */
  async startLive(title: string, itemIds: string[]): Promise<Live> {
    const { live } = await this.call<{ live: Live }>('POST', '/lives', { title, itemIds });
    return (await this.call<{ live: Live }>('POST', `/lives/${live.liveId}/start`, {})).live;
  }

  async live(liveId: string): Promise<Live> {
    return (await this.call<{ live: Live }>('GET', `/lives/${liveId}`)).live;
  }

  async item(itemId: string): Promise<ItemView> {
    return (await this.call<{ item: ItemView }>('GET', `/items/${itemId}`)).item;
  }

  /** @param section e.g. `{ booking: { bookingTimeoutMinutes: 1 } }` */
  async patchSettings(section: Record<string, Record<string, number>>): Promise<void> {
    await this.call('PATCH', '/settings', section);
  }

  async settings(): Promise<{ booking: { bookingTimeoutMinutes: number } }> {
    return (
      await this.call<{ settings: { booking: { bookingTimeoutMinutes: number } } }>(
        'GET',
        '/settings',
      )
    ).settings;
  }

  async restock(itemId: string, quantity: number, requestId: string): Promise<ItemView> {
    const body = { quantity, requestId };
    return (await this.call<{ item: ItemView }>('POST', `/items/${itemId}/restock`, body)).item;
  }

  audit(): Promise<Audit> {
    return this.call<Audit>('GET', '/audit');
  }

  private async call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${this.base}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.ok) return (await response.json()) as Answer;
    throw new HostApiError(response.status, `${method} ${path}: ${await response.text()}`);
  }
}
