import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Booking } from '../../src/protocol/booking.js';
import type { Live } from '../../src/protocol/live.js';
import { untilAuditOk } from '../support/audit.js';
import { type ViewerClient, viewer } from '../support/client.js';
import { type Answer, type Host, host } from '../support/host.js';
import type { TestServer } from '../support/server.js';
import { StockWatch } from '../support/stock-watch.js';
import type { Step } from './commands.js';

const VIEWERS = 4;

/**
 * A shop that random steps are done to. It keeps only what the rules cannot be checked without: what was put into
 * stock, and what was answered to each request.
 */
export class ShopUnderTest {
  private readonly seller: Host;
  private readonly viewers: ViewerClient[] = [];
  private readonly bookingIds: string[] = [];
  private readonly answered = new Map<string, Booking>();
  private readonly restocked = new Set<string>();
  private readonly put = new Map<string, number>();
  private readonly watches: StockWatch[] = [];
  private itemIds: string[] = [];
  private liveId = '';

  constructor(server: TestServer) {
    this.seller = host(server);
  }

  async open(servers: TestServer[]): Promise<void> {
    const stocks = [6, 3, 10];
    const { liveId, items } = await this.seller.stage(...stocks);
    this.liveId = liveId;
    this.itemIds = items.map((item) => item.itemId);
    items.forEach((item, i) => {
      this.put.set(item.itemId, stocks[i] ?? 0);
    });
    for (let i = 0; i < VIEWERS; i++) {
      const server = servers[i % servers.length] as TestServer;
      const client = await viewer(server, this.seller.shop, `v${i}`);
      const watch = new StockWatch(client, this.seller.shop, liveId);
      await watch.join();
      this.viewers.push(client);
      this.watches.push(watch);
    }
  }

  async do(step: Step): Promise<void> {
    switch (step.kind) {
      case 'book':
        return this.book(step.viewer, this.item(step.item), step.quantity, `r${step.request}`);
      case 'burst':
        await Promise.all(
          this.viewers.map((_, i) => this.book(i, this.item(step.item), step.quantity, 'burst')),
        );
        return;
      case 'cancel':
        return this.cancel(step);
      case 'hostCancel':
        return this.settle(
          this.seller.call('POST', `/bookings/${this.booking(step.booking)}/cancel`),
        );
      case 'restock':
        return this.restock(this.item(step.item), step.quantity, `d${step.request}`);
      case 'open':
        return this.settle(
          this.seller.call('PATCH', `/items/${this.item(step.item)}`, { open: step.open }),
        );
      case 'settings':
        return this.settle(
          this.seller.call('PATCH', '/settings', { booking: step.booking, order: step.order }),
        );
      case 'live':
        return this.changeLive(step.change, this.item(step.item));
      case 'restrict':
        return this.settle(
          this.seller.call('PATCH', `/viewers/v${step.viewer}`, { status: step.status }),
        );
      case 'reconnect':
        return this.reconnect(step.viewer);
      case 'wait':
        return delay(25);
    }
  }

  /** The invariants that hold after every step. */
  async check(): Promise<void> {
    const audit = await untilAuditOk(this.seller);
    for (const { itemId, available, booked, allocated, sold } of audit.items) {
      expect(Math.min(available, booked, allocated, sold)).toBeGreaterThanOrEqual(0);
      expect(available + booked + allocated + sold).toBe(this.put.get(itemId));
    }
    for (const { reputation } of (
      await this.seller.get<{ items: { reputation: number }[] }>('/viewers')
    ).items) {
      expect(reputation).toBeGreaterThanOrEqual(0);
      expect(reputation).toBeLessThanOrEqual(100);
    }
  }

  /** What holds at the end: every client knows the stock, and a booking that is over stays so. */
  async finish(): Promise<void> {
    const { live } = await this.seller.get<{ live: Live }>(`/lives/${this.liveId}`);
    for (const watch of this.watches) {
      for (const itemId of live.itemIds) await watch.settled(this.seller, itemId);
    }
    const { items } = await this.seller.get<{ items: Booking[] }>('/bookings?limit=200');
    for (const booking of items) {
      const first = [...this.answered.values()].find((one) => one.bookingId === booking.bookingId);
      expect(booking).toEqual({ ...first, status: booking.status, quantity: booking.quantity });
    }
    const places = items.map((booking) => `${booking.itemId} ${booking.sequence}`);
    expect(new Set(places).size).toBe(places.length);
  }

  private item(index: number): string {
    return this.itemIds[index % this.itemIds.length] ?? '';
  }

  private booking(index: number): string {
    return this.bookingIds[index % Math.max(1, this.bookingIds.length)] ?? 'bk_none';
  }

  private async book(who: number, itemId: string, quantity: number, requestId: string) {
    const { liveId } = this;
    const request = { liveId, itemId, quantity, requestId };
    const ack = await this.viewers[who]?.emit('booking:create', request);
    if (!ack?.ok) return expect(ack?.error.code).not.toBe('INTERNAL');
    const { booking } = ack.data;
    const earlier = this.answered.get(`${who} ${requestId}`);
    expect(booking).toEqual(earlier ?? booking);
    expect(booking).toMatchObject({ itemId, quantity, viewerId: `v${who}` });
    if (earlier) return;
    this.answered.set(`${who} ${requestId}`, booking);
    this.bookingIds.push(booking.bookingId);
  }

  private async cancel(step: Extract<Step, { kind: 'cancel' }>) {
    const request = { bookingId: this.booking(step.booking) };
    const { quantity } = step;
    const ack = await this.viewers[step.viewer]?.emit(
      'booking:cancel',
      quantity === undefined ? request : { ...request, quantity },
    );
    if (!ack?.ok) expect(ack?.error.code).not.toBe('INTERNAL');
  }

  private async restock(itemId: string, quantity: number, requestId: string) {
    const { status } = await this.seller.restock(itemId, quantity, requestId);
    expect([200, 409]).toContain(status);
    if (status !== 200 || this.restocked.has(requestId)) return;
    this.restocked.add(requestId);
    this.put.set(itemId, (this.put.get(itemId) ?? 0) + quantity);
  }

  private changeLive(change: 'start' | 'end' | 'feature' | 'pin', itemId: string) {
    const path = `/lives/${this.liveId}`;
    if (change === 'feature') {
      return this.settle(this.seller.call('PATCH', path, { itemIds: [itemId, this.item(0)] }));
    }
    if (change === 'pin')
      return this.settle(this.seller.call('PATCH', path, { pinnedItemId: itemId }));
    return this.settle(this.seller.call('POST', `${path}/${change}`));
  }

  private async reconnect(who: number) {
    this.viewers[who]?.drop();
    await this.viewers[who]?.connect();
    await this.watches[who]?.join();
  }

  /** Accepted or refused, but never an error of our own. */
  private async settle(call: Promise<Answer>): Promise<void> {
    expect((await call).status).toBeLessThan(500);
  }
}
