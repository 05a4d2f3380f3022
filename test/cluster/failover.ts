import { expect } from 'vitest';
import type { Booking } from '../../src/protocol/booking.js';
import type { Page } from '../../src/protocol/http.js';
import { untilAuditOk } from '../support/audit.js';
import { type Host, host, type Stage } from '../support/host.js';
import type { Reachable } from '../support/server-environment.js';
import { SteadyViewer } from '../support/steady-viewer.js';
import { until } from '../support/until.js';

const STOCK = 100_000;
const VIEWERS = 10;

/** Traffic in one shop that goes on through the death of its master, and what became of it. */
export class Traffic {
  readonly seller: Host;
  readonly viewers: SteadyViewer[];
  private readonly stage: Stage;
  private readonly work: Promise<void>[];
  private over = false;
  /** The first expectation that failed. */
  private failure: unknown;

  static async begin(servers: Reachable[], shop: string): Promise<Traffic> {
    const seller = host(servers[0] as Reachable, shop);
    const traffic = new Traffic(servers, seller, await seller.stage(STOCK));
    await until('traffic', () => traffic.viewers.every((one) => one.acked.size > 3));
    return traffic;
  }

  private constructor(servers: Reachable[], seller: Host, stage: Stage) {
    this.seller = seller;
    this.stage = stage;
    this.viewers = Array.from({ length: VIEWERS }, (_, i) => {
      const server = servers[i % servers.length] as Reachable;
      const one = new SteadyViewer(server, seller.shop, stage.liveId, `v${i}`);
      one.paceMs = 400;
      return one;
    });
    this.work = this.viewers.map(async (one) => {
      try {
        for (let n = 0; !this.over; n++) expect(await one.book(this.wish, `r${n}`)).toBeUndefined();
      } catch (error) {
        this.failure ??= error;
      }
    });
  }

  get acked(): number {
    return this.viewers.reduce((sum, one) => sum + one.acked.size, 0);
  }

  private get wish() {
    return { liveId: this.stage.liveId, itemId: this.stage.itemId, quantity: 1 };
  }

  /** Resolves once every viewer has had a booking acknowledged that was begun after this call. */
  async untilServed(): Promise<void> {
    const before = this.viewers.map((one) => one.acked.size);
    await until(
      'every viewer books again',
      () => {
        if (this.failure) throw this.failure;
        return this.viewers.every((one, i) => one.acked.size > (before[i] ?? 0) + 1);
      },
      40_000,
    );
  }

  async stop(): Promise<void> {
    this.over = true;
    await Promise.all(this.work);
    if (this.failure) throw this.failure;
  }

  /**
   * After the traffic: what was acknowledged and is gone. Then all of it is asked for again, and everything must be as
   * though nothing had happened: one effect for each request, the books in agreement, every viewer knowing the stock.
   */
  async reckon(): Promise<{ acked: number; lost: number }> {
    const acked = this.acked;
    const kept = await this.heldIds();
    const lost = this.viewers.flatMap((one) =>
      [...one.acked.values()].filter(({ bookingId }) => !kept.has(bookingId)),
    );
    await untilAuditOk(this.seller);
    await this.settled();
    await Promise.all(
      this.viewers.map(async (one) => {
        for (const requestId of [...one.acked.keys()]) {
          expect(await one.book(this.wish, requestId)).toBeUndefined();
        }
      }),
    );
    const { booked, available } = await this.seller.item(this.stage.itemId);
    expect({ booked, available }).toEqual({ booked: acked, available: STOCK - acked });
    await untilAuditOk(this.seller);
    await this.settled();
    return { acked, lost: lost.length };
  }

  /** Every viewer knows the stock as Redis holds it. */
  private async settled(): Promise<void> {
    const { itemId } = this.stage;
    for (const one of this.viewers) {
      await until(`${one.id} knows the stock`, async () => {
        const { booked, available } = await this.seller.item(itemId);
        const known = one.known(itemId);
        return known?.booked === booked && known.available === available;
      });
    }
  }

  private async heldIds(): Promise<Set<string>> {
    const ids = new Set<string>();
    for (let cursor: string | null = ''; cursor !== null; ) {
      const from: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const path = `/bookings?liveId=${this.stage.liveId}&limit=200${from}`;
      const page: Page<Booking> = await this.seller.get<Page<Booking>>(path);
      for (const { bookingId } of page.items) ids.add(bookingId);
      cursor = page.nextCursor;
    }
    return ids;
  }
}
