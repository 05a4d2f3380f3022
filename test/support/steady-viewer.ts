import { setTimeout as delay } from 'node:timers/promises';
import { connectViewer, settle, type ViewerClient } from '../../src/client/index.js';
import type { Booking } from '../../src/protocol/booking.js';
import type { StockView } from '../../src/protocol/item.js';
import { atEnd } from './at-end.js';
import type { Reachable } from './server-environment.js';
import { signToken } from './tokens.js';

const AGAIN_MS = 50;
/** After these the wish is asked for again, with the same requestId. */
const REPEATED = new Set(['OFFLINE', 'TIMEOUT', 'STORE_UNAVAILABLE', 'RATE_LIMITED']);

export interface Wish {
  liveId: string;
  itemId: string;
  quantity: number;
}

/** A viewer with the product's own client, who wants each booking until it is accepted or refused for good. */
export class SteadyViewer {
  readonly id: string;
  /** Between two bookings, ms: nobody may hold more than 200, so the longer a test the slower. */
  paceMs = 100;
  /** Bookings that were acknowledged, by requestId. */
  readonly acked = new Map<string, Booking>();
  repeats = 0;
  /** The longest that a command waited for its acknowledgement while the connection stood, ms. */
  slowestMs = 0;
  private readonly client: ViewerClient;
  private leaving = false;

  constructor({ url }: Reachable, shop: string, liveId: string, id: string) {
    this.id = id;
    const token = signToken({ sub: id, shop, role: 'viewer', name: id });
    const socket = { transports: ['websocket'], reconnectionDelay: 50, reconnectionDelayMax: 300 };
    this.client = connectViewer({ url, token, shopId: shop, liveId, socket });
    this.watchAttempts();
    atEnd(() => this.leave());
  }

  /** What the viewer knows of an item. */
  known(itemId: string): StockView | undefined {
    return this.client.item(itemId);
  }

  /** Books, and repeats until it is accepted; answers the refusal's code when it is refused for good. */
  async book(wish: Wish, requestId: string): Promise<string | undefined> {
    const { connection } = this.client;
    while (!this.leaving) {
      const outcome = await settle(connection.command('booking:create', { ...wish, requestId }));
      if (outcome.ok) {
        if (!this.acked.has(requestId)) await delay(this.paceMs);
        this.acked.set(requestId, outcome.data.booking);
        return undefined;
      }
      if (!REPEATED.has(outcome.error.code)) return outcome.error.code;
      await delay(AGAIN_MS);
    }
    return 'LEFT';
  }

  leave(): void {
    this.leaving = true;
    this.client.close();
  }

  /** Each attempt that is sent, not each command: the client repeats by itself. */
  private watchAttempts(): void {
    const { connection } = this.client;
    const send = connection.send.bind(connection);
    const sent = new Set<unknown>();
    connection.send = async (event, payload, limitMs) => {
      if (event === 'booking:create') {
        const { requestId } = payload as { requestId: string };
        if (sent.has(requestId)) this.repeats++;
        sent.add(requestId);
      }
      const started = performance.now();
      try {
        return await send(event, payload, limitMs);
      } finally {
        const waited = performance.now() - started;
        if (connection.isOnline) this.slowestMs = Math.max(this.slowestMs, waited);
      }
    };
  }
}
