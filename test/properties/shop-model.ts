import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { History } from '../../bench/history/history.js';
import { type Check, judge } from '../../bench/history/judge.js';
import type { Booking } from '../../src/protocol/booking.js';
import type { ItemView } from '../../src/protocol/item.js';
import type { Live } from '../../src/protocol/live.js';
import { untilAuditOk } from '../support/audit.js';
import { type Answer, type Host, host } from '../support/host.js';
import { RecordedViewer } from '../support/recorded-viewer.js';
import type { TestServer } from '../support/server.js';
import { unitsOf } from '../support/stock-watch.js';
import { until } from '../support/until.js';
import type { Step } from './commands.js';

/** Whose device each is, and which server it is connected to; the last two only watch. The first of a viewer acts. */
const DEVICES = [
  { viewerId: 'v0', server: 0, acts: true },
  { viewerId: 'v0', server: 1 },
  { viewerId: 'v1', server: 1, acts: true },
  { viewerId: 'v1', server: 0 },
  { viewerId: 'v2', server: 0, acts: true },
  { viewerId: 'v3', server: 1, acts: true },
  { server: 0 },
  { server: 1 },
];

/**
 * A shop that random steps are done to. Its clients' records say whether the server kept its promises; besides those it
 * keeps only what was put into stock.
 */
export class ShopUnderTest {
  private readonly seller: Host;
  /** Those who act, by number. */
  private readonly viewers: RecordedViewer[] = [];
  private readonly clients: RecordedViewer[] = [];
  /** As they were accepted, by id. */
  private readonly accepted = new Map<string, Booking>();
  private readonly entryIds: string[] = [];
  private readonly restocked = new Set<string>();
  private restores = 0;
  /** Units that there were in all, from the first number to the last. */
  private readonly totals: Record<string, number[]> = {};
  private history = new History([]);
  private itemIds: string[] = [];
  private liveId = '';

  constructor(server: TestServer) {
    this.seller = host(server);
  }

  async open(servers: TestServer[]): Promise<void> {
    const { liveId, items } = await this.seller.stage(6, 3, 10);
    this.liveId = liveId;
    this.itemIds = items.map((item) => item.itemId);
    for (const item of items) this.totals[item.itemId] = [unitsOf(item)];
    this.history = new History(this.itemIds);
    const live = { shopId: this.seller.shop, liveId };
    for (const { viewerId, server, acts } of DEVICES) {
      const reached = servers[server] as TestServer;
      const client = await RecordedViewer.join(this.history, reached, viewerId, live);
      this.clients.push(client);
      if (acts) this.viewers.push(client);
    }
    this.history.begin();
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
        return this.byHost(this.booking(step.booking), 'cancel');
      case 'restore':
        return this.byHost(this.booking(step.booking), 'restore', {
          requestId: `h${this.restores++}`,
        });
      case 'waitlistJoin':
        return this.joinLine(step.viewer, this.item(step.item), step.quantity, `r${step.request}`);
      case 'waitlistLeave':
        return this.leaveLine(step.viewer, step.entry);
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
      expect(available + booked + allocated + sold).toBe(this.totals[itemId]?.at(-1));
    }
    for (const { reputation } of (
      await this.seller.get<{ items: { reputation: number }[] }>('/viewers')
    ).items) {
      expect(reputation).toBeGreaterThanOrEqual(0);
      expect(reputation).toBeLessThanOrEqual(100);
    }
  }

  /** What holds at the end: whatever the clients were told is so, and every booking is one that was accepted. */
  async finish(): Promise<void> {
    let broken: Check[] | undefined;
    const told = async () => {
      broken = await this.broken();
      return broken.length === 0;
    };
    // What was broken says more than that it stayed so.
    await until('everything has been told', told).catch(() => {});
    expect(broken).toEqual([]);
    const { items } = await this.seller.get<{ items: (Booking & { viewer: unknown })[] }>(
      '/bookings?limit=200',
    );
    // The rest was made by the line.
    const asked = items.filter(({ source }) => source === 'viewer');
    for (const { status, quantity, expiresAt, viewer, ...booking } of asked)
      expect(this.accepted.get(booking.bookingId)).toMatchObject(booking);
    expect(asked).toHaveLength(this.accepted.size);
    for (const client of this.clients) client.leave();
  }

  private async broken(): Promise<Check[]> {
    // What a live does not feature any more its watchers are not told.
    const { live } = await this.seller.get<{ live: Live }>(`/lives/${this.liveId}`);
    const stock: ItemView[] = [];
    for (const itemId of live.itemIds) stock.push(await this.seller.item(itemId));
    await Promise.all(this.viewers.map((client) => client.lookBack()));
    const checks = judge([this.history.page(stock)], {
      totals: this.totals,
      complete: true,
      featured: [this.item(0)],
    });
    return checks.filter(({ kept }) => !kept);
  }

  private item(index: number): string {
    return this.itemIds[index % this.itemIds.length] ?? '';
  }

  private booking(index: number): string {
    const ids = [...this.accepted.keys()];
    return ids[index % Math.max(1, ids.length)] ?? 'bk_none';
  }

  private async book(who: number, itemId: string, quantity: number, requestId: string) {
    const request = { liveId: this.liveId, itemId, quantity, requestId };
    const ack = await this.viewers[who]?.emit('booking:create', request);
    if (!ack?.ok) return expect(ack?.error.code).not.toBe('INTERNAL');
    const { booking } = ack.data;
    expect(booking).toMatchObject({ itemId, quantity, viewerId: `v${who}` });
    if (!this.accepted.has(booking.bookingId)) this.accepted.set(booking.bookingId, booking);
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

  private async byHost(bookingId: string, change: 'cancel' | 'restore', request = {}) {
    const path = `/bookings/${bookingId}/${change}`;
    const { status, body } = await this.seller.call('POST', path, request);
    expect(status).toBeLessThan(500);
    if (status === 200) this.history.hostAnswered(body.booking, performance.now());
  }

  private async joinLine(who: number, itemId: string, quantity: number, requestId: string) {
    const request = { liveId: this.liveId, itemId, quantity, requestId };
    const ack = await this.viewers[who]?.emit('waitlist:join', request);
    if (ack?.ok) this.entryIds.push(ack.data.entry.entryId);
    else expect(ack?.error.code).not.toBe('INTERNAL');
  }

  private async leaveLine(who: number, entry: number) {
    const entryId = this.entryIds[entry % Math.max(1, this.entryIds.length)] ?? 'wl_none';
    const ack = await this.viewers[who]?.emit('waitlist:leave', { entryId });
    if (!ack?.ok) expect(ack?.error.code).not.toBe('INTERNAL');
  }

  private async restock(itemId: string, quantity: number, requestId: string) {
    const { status } = await this.seller.restock(itemId, quantity, requestId);
    expect([200, 409]).toContain(status);
    if (status !== 200 || this.restocked.has(requestId)) return;
    this.restocked.add(requestId);
    this.totals[itemId]?.push((this.totals[itemId]?.at(-1) ?? 0) + quantity);
    this.history.restocked(itemId, quantity);
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
    await this.viewers[who]?.reconnect();
  }

  /** Accepted or refused, but never an error of our own. */
  private async settle(call: Promise<Answer>): Promise<void> {
    expect((await call).status).toBeLessThan(500);
  }
}
