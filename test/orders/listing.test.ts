import { beforeAll, describe, expect, it } from 'vitest';
import { type HostOrder, HostOrderSchema, type Page } from '../../src/protocol/http.js';
import { type Order, OrderSchema } from '../../src/protocol/order.js';
import type { LedgerEntry, Viewer } from '../../src/protocol/viewer.js';
import { type Host, host } from '../support/host.js';
import { asViewerSees, buyer } from '../support/orders.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { signToken } from '../support/tokens.js';

let server: TestServer;

beforeAll(async () => {
  server = await startServer({ redisUrl: (await startRedis()).url });
});

async function opened(stock = 100) {
  const seller = host(server);
  const stage = await seller.stage(stock);
  return { seller, stage, ani: await buyer(server, seller.shop, stage) };
}

/** Every row of a list, page by page. */
async function all<Row>(seller: Host, path: string, between?: () => Promise<unknown>) {
  const rows: Row[] = [];
  const sizes: number[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const after: string = cursor && `&cursor=${encodeURIComponent(cursor)}`;
    const page: Page<Row> = await seller.get<Page<Row>>(`${path}${after}`);
    rows.push(...page.items);
    sizes.push(page.items.length);
    cursor = page.nextCursor;
    await between?.();
  }
  return { rows, sizes };
}

const ids = (orders: Order[]) => orders.map((order) => order.orderId);

describe('the list of orders', () => {
  it('has the newest first, in pages that new orders do not shift', async () => {
    const { seller, ani } = await opened();
    const placed: Order[] = [];
    for (let i = 0; i < 25; i++) placed.unshift(await ani.buy());
    const { rows, sizes } = await all<HostOrder>(seller, '/orders?limit=10', () => ani.buy());
    expect(sizes).toEqual([10, 10, 5]);
    expect(rows.map(asViewerSees)).toEqual(placed);
    expect((await seller.get<Page<Order>>('/orders')).items).toHaveLength(28);
  });

  it('is, of a viewer’s own orders, the viewer’s to read: all of them, without what the shop notes', async () => {
    const { seller, stage, ani } = await opened();
    const budi = await buyer(server, seller.shop, stage, 'budi');
    const placed: Order[] = [];
    for (let i = 0; i < 22; i++) {
      placed.unshift(await ani.buy());
      if (i === 3) await budi.buy();
    }
    const oldest = placed.at(-1) as Order;
    await seller.post(`/orders/${oldest.orderId}/confirm-payment`);
    await seller.patch(`/orders/${oldest.orderId}`, { hostNote: 'titip ke satpam' });
    expect((await ani.client.ask('me:get', {})).orders).toHaveLength(20);
    const token = signToken({ sub: 'ani', shop: seller.shop, role: 'viewer' });
    const page = (query: string) =>
      seller.call('GET', `/me/orders?limit=20${query}`, undefined, token);
    const { body: first } = await page('');
    expect(first.items).toEqual(placed.slice(0, 20));
    const { body: second } = await page(`&cursor=${encodeURIComponent(first.nextCursor)}`);
    expect(ids(second.items)).toEqual(ids(placed.slice(20)));
    expect(second.nextCursor).toBeNull();
    expect(OrderSchema.strict().parse(second.items[1])).toMatchObject({ status: 'paid' });
    expect(await page('&cursor=nonsense')).toMatchObject({
      status: 400,
      body: { error: { code: 'VALIDATION' } },
    });
    expect(await seller.call('GET', '/me/orders')).toMatchObject({ status: 403 });
  });

  it('shows beside each order its viewer as the shop knows them now', async () => {
    const { seller, ani } = await opened();
    await seller.settings({ booking: { cancelPenaltyPerItem: 3 } });
    const order = await ani.buy();
    const { bookingId } = await ani.book(1);
    await ani.client.ask('booking:cancel', { bookingId });
    const viewer = { viewerId: 'ani', name: 'Viewer ani', reputation: 97 };
    const path = `/orders/${order.orderId}`;
    for (const answer of [
      await seller.get<Page<HostOrder>>('/orders').then(({ items }) => ({ order: items[0] })),
      await seller.get(path),
      await seller.post(`${path}/confirm-payment`),
    ]) {
      const { order: shown } = answer as { order: HostOrder };
      expect(HostOrderSchema.strict().parse(shown)).toMatchObject({
        orderId: order.orderId,
        viewer,
      });
    }
    const cancelled = await ani.buy();
    const answer = await seller.post(`/orders/${cancelled.orderId}/cancel`);
    expect(answer).toMatchObject({ order: { status: 'cancelled', viewer } });
  });

  it('filters by status and by viewer', async () => {
    const { seller, stage, ani } = await opened(3);
    const budi = await buyer(server, seller.shop, stage, 'budi');
    const [paid, cancelled, unpaid] = [await ani.buy(), await ani.buy(), await budi.buy()];
    const confirm = (order: Order) => seller.post(`/orders/${order.orderId}/confirm-payment`);
    await confirm(paid);
    await seller.post(`/orders/${cancelled.orderId}/cancel`);
    const refund = await ani.buy();
    await ani.client.ask('order:cancel', { orderId: refund.orderId });
    await budi.book(1);
    await confirm(refund);
    await seller.settings({ order: { onlineCheckoutAutoExpireMinutes: 0.002 } });
    const expired = await budi.place((await budi.checkout()).checkoutId);
    await budi.told(expired.orderId, 'expired');

    const listed = async (query: string) =>
      ids((await seller.get<Page<Order>>(`/orders?${query}`)).items);
    expect(await listed('status=paid')).toEqual([paid.orderId]);
    expect(await listed('status=cancelled')).toEqual([cancelled.orderId]);
    expect(await listed('status=needs_refund')).toEqual([refund.orderId]);
    expect(await listed('status=awaiting_payment&viewerId=budi')).toContain(unpaid.orderId);
    expect(await listed('status=awaiting_payment&viewerId=ani')).toEqual([]);
    expect(await listed('viewerId=ani')).toEqual(ids([refund, cancelled, paid]));
    expect(await listed('viewerId=nobody')).toEqual([]);
    expect(await listed('status=expired')).toEqual([expired.orderId]);
  });

  it('with both filters still comes in whole pages', async () => {
    const { seller, stage, ani } = await opened();
    const budi = await buyer(server, seller.shop, stage, 'budi');
    const mine: Order[] = [];
    for (let i = 0; i < 12; i++) {
      const order = await ani.buy();
      if (i % 2) await seller.post(`/orders/${order.orderId}/cancel`);
      else mine.unshift(order);
      await budi.buy();
    }
    const path = '/orders?limit=4&viewerId=ani&status=awaiting_payment';
    const { rows, sizes } = await all<Order>(seller, path);
    expect(ids(rows)).toEqual(ids(mine));
    expect(sizes.slice(0, 1)).toEqual([4]);
  });

  it.each([
    'limit=0',
    'limit=201',
    'limit=ten',
    'status=unpaid',
    'viewerId=a%20b',
    'cursor=nonsense',
    'cursor=5~a%00b',
    'cursor=',
    'colour=red',
  ])('refuses ?%s', async (query) => {
    const { seller } = await opened(0);
    const answer = await seller.call('GET', `/orders?${query}`);
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'VALIDATION' } } });
  });
});

describe('the viewers of a shop', () => {
  /** Viewers with 100, 90, 70 and 0 points. */
  async function crowd() {
    const { seller, stage } = await opened();
    await seller.settings({ booking: { cancelPenaltyPerItem: 10 } });
    for (const [id, cancelled] of Object.entries({ ani: 0, budi: 1, cici: 3, dedi: 12 })) {
      const who = await buyer(server, seller.shop, stage, id);
      const { bookingId } = await who.book(cancelled + 1);
      if (cancelled > 0) {
        await who.client.ask('booking:cancel', { bookingId, quantity: cancelled });
      }
    }
    return seller;
  }

  it('are filtered by reputation, bounds included', async () => {
    const seller = await crowd();
    const listed = async (query: string) => {
      const { items } = await seller.get<Page<Viewer>>(`/viewers?${query}`);
      return items.map((viewer) => `${viewer.viewerId} ${viewer.reputation}`).sort();
    };
    expect(await listed('')).toEqual(['ani 100', 'budi 90', 'cici 70', 'dedi 0']);
    expect(await listed('minReputation=70&maxReputation=90')).toEqual(['budi 90', 'cici 70']);
    expect(await listed('maxReputation=0')).toEqual(['dedi 0']);
    expect(await listed('minReputation=91')).toEqual(['ani 100']);
    expect(await listed('minReputation=71&maxReputation=89')).toEqual([]);
    const { rows, sizes } = await all<Viewer>(seller, '/viewers?limit=3');
    expect(sizes).toEqual([3, 1]);
    expect(new Set(rows.map((viewer) => viewer.viewerId)).size).toBe(4);
    expect((await seller.call('GET', '/viewers?minReputation=101')).status).toBe(400);
  });

  it('are found by a part of the name or of the id, within the bounds', async () => {
    const seller = await crowd();
    const listed = async (query: string) => {
      const { items } = await seller.get<Page<Viewer>>(`/viewers?${query}`);
      return items.map((viewer) => viewer.viewerId).sort();
    };
    expect(await listed('q=BUD')).toEqual(['budi']);
    expect(await listed('q=viewer%20c')).toEqual(['cici']);
    expect(await listed('q=i')).toEqual(['ani', 'budi', 'cici', 'dedi']);
    expect(await listed('q=i&maxReputation=90')).toEqual(['budi', 'cici', 'dedi']);
    expect(await listed('q=nobody')).toEqual([]);
    expect((await seller.call('GET', '/viewers?q=%20')).status).toBe(400);
  });

  it('have a ledger, newest first, in pages, each cause once', async () => {
    const { seller, ani } = await opened();
    await seller.settings({ booking: { cancelPenaltyPerItem: 4, paidRewardPerItem: 3 } });
    const causes: string[] = [];
    for (let i = 0; i < 4; i++) {
      const cancelled = await ani.buy();
      await ani.client.ask('order:cancel', { orderId: cancelled.orderId });
      const paid = await ani.buy();
      await seller.post(`/orders/${paid.orderId}/confirm-payment`);
      causes.unshift(`order_paid ${paid.orderId}`, `order_cancelled ${cancelled.orderId}`);
    }
    const path = '/viewers/ani/reputation?limit=3';
    const { rows, sizes } = await all<LedgerEntry>(seller, path);
    expect(sizes).toEqual([3, 3, 2]);
    expect(rows.map(({ reason, refId }) => `${reason} ${refId}`)).toEqual(causes);
    const folded = rows.reduceRight((points, entry) => {
      expect(entry).toMatchObject({ before: points, after: points + entry.delta });
      return entry.after;
    }, 100);
    expect((await seller.viewer('ani'))?.reputation).toBe(folded);
    expect((await seller.call('GET', '/viewers/nobody/reputation')).status).toBe(404);
  });
});
