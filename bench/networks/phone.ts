import { io, type Socket } from 'socket.io-client';
import { connectViewer, settle, type ViewerClient } from '../../src/client/index.js';

/** One viewer on a phone, as each side's own client has it. */
export interface Phone {
  readonly viewerId: string;
  /** What it shows as available. */
  available(itemId: string): number | undefined;
  /** What it believes to have booked. */
  bookings(): string[];
  book(itemId: string): void;
  close(): void;
}

export interface Place {
  url: string;
  shopId: string;
  liveId: string;
}

/** With `livehold/client`. */
export class LiveholdPhone implements Phone {
  readonly viewerId: string;
  private readonly client: ViewerClient;

  constructor({ url, shopId, liveId }: Place, viewerId: string, token: string) {
    this.viewerId = viewerId;
    const socket = { transports: ['websocket'] };
    this.client = connectViewer({ url, shopId, liveId, token, socket });
  }

  available(itemId: string): number | undefined {
    return this.client.item(itemId)?.available;
  }

  bookings(): string[] {
    return (this.client.me?.bookings ?? []).map(({ bookingId }) => bookingId);
  }

  book(itemId: string): void {
    // What is refused while it is offline is refused; what counts is that phone and server agree.
    void settle(this.client.book(itemId));
  }

  close(): void {
    this.client.close();
  }
}

let requests = 0;

/**
 * With Socket.IO's client and nothing else. It joins again whenever it connects anew. Its stock is what it got as the page was
 * loaded and every event since; with connection state recovery, where that failed, a new snapshot, as its documentation advises.
 */
export class EventsPhone implements Phone {
  readonly viewerId: string;
  private readonly socket: Socket;
  private readonly stock = new Map<string, number>();
  private readonly booked: string[] = [];

  constructor({ url }: Place, viewerId: string, recovery: boolean) {
    this.viewerId = viewerId;
    const options = { transports: ['websocket'], forceNew: true, auth: { viewerId } };
    this.socket = io(`${url}/live`, options);
    const take = (items: { itemId: string; available: number }[]) => {
      for (const { itemId, available } of items) this.stock.set(itemId, available);
    };
    this.socket.on('connect', () => {
      if (this.socket.recovered) return;
      this.socket.emit('live:join', {}, ({ data }: { data: { items: [] } }) => {
        if (recovery || this.stock.size === 0) take(data.items);
      });
    });
    this.socket.on('stock:changed', ({ items }) => take(items));
  }

  available(itemId: string): number | undefined {
    return this.stock.get(itemId);
  }

  bookings(): string[] {
    return this.booked;
  }

  book(itemId: string): void {
    const requestId = `r${++requests}`;
    this.socket.emit('booking:create', { itemId, requestId }, () => this.booked.push(requestId));
  }

  close(): void {
    this.socket.disconnect();
  }
}
