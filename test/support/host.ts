import { randomUUID } from 'node:crypto';
import type { Audit, Page } from '../../src/protocol/http.js';
import type { ItemView } from '../../src/protocol/item.js';
import type { Live } from '../../src/protocol/live.js';
import type { Settings, SettingsPatch } from '../../src/protocol/settings.js';
import type { Viewer } from '../../src/protocol/viewer.js';
import type { Reachable } from './server-environment.js';
import { signToken } from './tokens.js';

/** A shop that no other test has: tests of a file share one Redis and yet meet nothing of each other. */
export function newShop(): string {
  return `shop-${randomUUID().slice(0, 8)}`;
}

export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the server answers; tests look into it or parse it by schema
  body: any;
}

export interface Stage {
  live: Live;
  liveId: string;
  items: ItemView[];
  /** The first item's id: most tests need one item only. */
  itemId: string;
}

/** The host of a shop, with the HTTP API in the words of tests. A refused call throws, except through `call`. */
export function host(server: Reachable, shop: string = newShop()): Host {
  return new Host(server, shop);
}

export class Host {
  readonly shop: string;
  private readonly url: string;
  private readonly token: string;

  constructor({ url }: Reachable, shop: string) {
    this.shop = shop;
    this.url = url;
    this.token = signToken({ sub: 'host', shop, role: 'host', name: 'Host' });
  }

  /** Any request under /api/v1; answers refusals too. `body` as text is sent as it stands. */
  async call(method: string, path: string, body?: unknown, token = this.token): Promise<Answer> {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  }

  async get<T>(path: string): Promise<T> {
    return this.accepted<T>('GET', path);
  }

  async post<T>(path: string, body?: unknown): Promise<T> {
    return this.accepted<T>('POST', path, body);
  }

  async patch<T>(path: string, body: unknown): Promise<T> {
    return this.accepted<T>('PATCH', path, body);
  }

  /** A live that is on, with one item for each number of units. */
  async stage(...stocks: number[]): Promise<Stage> {
    const items: ItemView[] = [];
    for (const stock of stocks) items.push(await this.createItem(stock));
    const { live } = await this.post<{ live: Live }>('/lives', {
      title: 'Live malam ini',
      itemIds: items.map((item) => item.itemId),
    });
    const started = await this.post<{ live: Live }>(`/lives/${live.liveId}/start`);
    return { live: started.live, liveId: live.liveId, items, itemId: items[0]?.itemId ?? '' };
  }

  async createItem(stock: number, price = 10_000): Promise<ItemView> {
    const code = randomUUID().slice(0, 6);
    const item = { sku: `SKU-${code}`, code, name: `Kemeja ${code}`, price, stock };
    return (await this.post<{ item: ItemView }>('/items', item)).item;
  }

  async item(itemId: string): Promise<ItemView> {
    return (await this.get<{ item: ItemView }>(`/items/${itemId}`)).item;
  }

  restock(itemId: string, quantity: number, requestId: string = randomUUID()): Promise<Answer> {
    return this.call('POST', `/items/${itemId}/restock`, { quantity, requestId });
  }

  async settings(patch: SettingsPatch): Promise<Settings> {
    return (await this.patch<{ settings: Settings }>('/settings', patch)).settings;
  }

  async viewer(viewerId: string): Promise<Viewer | undefined> {
    const { items } = await this.get<Page<Viewer>>('/viewers?limit=200');
    return items.find((viewer) => viewer.viewerId === viewerId);
  }

  audit(): Promise<Audit> {
    return this.get<Audit>('/audit');
  }

  private async accepted<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.call(method, path, body);
    if (answer.status >= 200 && answer.status < 300) return answer.body as T;
    throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  }
}
