import { setTimeout as delay } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import type { Booking } from '../../src/protocol/booking.js';
import type { Ack } from '../../src/protocol/commands.js';
import type { ItemView, StockView } from '../../src/protocol/item.js';
import { atEnd } from './at-end.js';
import type { Reachable } from './server.js';
import { signToken } from './tokens.js';

/** Longer than the server may take for an answer. */
const ACK_MS = 8_000;
const AGAIN_MS = 50;
/** What a sound client repeats with the same requestId. */
const REPEATED = new Set(['STORE_UNAVAILABLE', 'RATE_LIMITED']);

export interface Wish {
  liveId: string;
  itemId: string;
  quantity: number;
}

/** A viewer as the pages' client is one: reconnects by itself, joins again, repeats what was not answered. */
export class SteadyViewer {
  readonly id: string;
  /** Of every item the highest revision that it was told. */
  readonly stock = new Map<string, StockView>();
  /** Bookings that were acknowledged, by requestId. */
  readonly acked = new Map<string, Booking>();
  repeats = 0;
  /** The longest that a command waited for its acknowledgement while the connection stood, ms. */
  slowestMs = 0;
  private readonly socket: Socket;
  private readonly join: { shopId: string; liveId: string };
  private leaving = false;

  constructor({ url }: Reachable, shop: string, liveId: string, id: string) {
    this.id = id;
    this.join = { shopId: shop, liveId };
    this.socket = io(`${url}/live`, {
      transports: ['websocket'],
      forceNew: true,
      reconnectionDelay: 50,
      reconnectionDelayMax: 300,
      auth: { token: signToken({ sub: id, shop, role: 'viewer', name: id }) },
    });
    this.socket.on('stock:changed', ({ items }: { items: StockView[] }) => this.take(items));
    this.socket.on('connect', () => void this.enter());
    atEnd(() => this.leave());
  }

  /** Books, and repeats until it is accepted; answers the refusal's code when it is refused for good. */
  async book(wish: Wish, requestId: string): Promise<string | undefined> {
    for (let again = false; !this.leaving; again = true) {
      if (again) this.repeats++;
      const ack = await this.ask<{ booking: Booking }>('booking:create', { ...wish, requestId });
      if (ack?.ok) {
        this.acked.set(requestId, ack.data.booking);
        return undefined;
      }
      if (ack && !REPEATED.has(ack.error.code)) return ack.error.code;
      await delay(AGAIN_MS);
    }
    return 'LEFT';
  }

  leave(): void {
    this.leaving = true;
    this.socket.disconnect();
  }

  /** Undefined when no answer came: the connection broke, or nobody answered in time. */
  private async ask<Data>(event: string, payload: unknown): Promise<Ack<Data> | undefined> {
    const started = performance.now();
    try {
      if (!this.socket.connected) return undefined;
      return (await this.socket.timeout(ACK_MS).emitWithAck(event, payload)) as Ack<Data>;
    } catch {
      return undefined;
    } finally {
      const waited = performance.now() - started;
      if (this.socket.connected) this.slowestMs = Math.max(this.slowestMs, waited);
    }
  }

  private async enter(): Promise<void> {
    while (this.socket.connected && !this.leaving) {
      const ack = await this.ask<{ items: ItemView[] }>('live:join', this.join);
      if (ack?.ok) {
        this.take(ack.data.items);
        return;
      }
      await delay(AGAIN_MS);
    }
  }

  private take(items: StockView[]): void {
    for (const item of items) {
      const known = this.stock.get(item.itemId);
      if (!known || known.revision < item.revision) this.stock.set(item.itemId, item);
    }
  }
}
