import { beforeAll, describe, expect, it } from 'vitest';
import type { HostOrder, Page } from '../../src/protocol/http.js';
import type { Order } from '../../src/protocol/order.js';
import { untilAuditOk } from '../support/audit.js';
import { type Host, host } from '../support/host.js';
import { buyer, orderOf } from '../support/orders.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';

let servers: [TestServer, TestServer];

beforeAll(async () => {
  const { url } = await startRedis();
  servers = [await startServer({ redisUrl: url }), await startServer({ redisUrl: url })];
});

async function opened() {
  const seller = host(servers[0]);
  const stage = await seller.stage(500);
  return { seller, stage, ani: await buyer(servers[0], seller.shop, stage) };
}

const confirm = (seller: Host, { orderId }: Order) =>
  seller.post<{ order: HostOrder }>(`/orders/${orderId}/confirm-payment`);

/** `YYMM` as a calendar in Jakarta shows it. */
function monthInJakarta(at: number): string {
  const month = { timeZone: 'Asia/Jakarta', year: '2-digit', month: '2-digit' } as const;
  const parts = new Intl.DateTimeFormat('en-GB', month).formatToParts(at);
  const part = (type: string) => parts.find((found) => found.type === type)?.value ?? '';
  return `${part('year')}${part('month')}`;
}

describe('an order’s way to the buyer', () => {
  it('goes from packed to done with a tracking number, and the buyer is notified of each step', async () => {
    const { seller, ani } = await opened();
    const bought = await ani.buy();
    expect(bought.fulfilment).toBe('none');
    await confirm(seller, bought);
    const path = `/orders/${bought.orderId}`;
    for (const patch of [
      { fulfilment: 'packed' },
      { fulfilment: 'shipped', tracking: ' JNE 0123456789 ' },
      { fulfilment: 'done' },
    ] as const) {
      const { order } = await seller.patch<{ order: HostOrder }>(path, patch);
      expect(order).toMatchObject({ status: 'paid', fulfilment: patch.fulfilment });
      const told = await ani.client.next(
        'order:updated',
        (event) => event.order.fulfilment === patch.fulfilment,
      );
      const { viewer: _, ...shown } = order;
      expect(told.order).toEqual(shown);
    }
    expect(await orderOf(seller, bought.orderId)).toMatchObject({ tracking: 'JNE 0123456789' });
    const { order } = await seller.patch<{ order: HostOrder }>(path, { tracking: null });
    expect(order).not.toHaveProperty('tracking');
    const listed = await seller.get<Page<HostOrder>>('/orders?fulfilment=done');
    expect(listed.items.map(({ orderId }) => orderId)).toEqual([bought.orderId]);
    expect((await seller.get<Page<HostOrder>>('/orders?fulfilment=none')).items).toEqual([]);
    await untilAuditOk(seller);
  });

  it('begins with the payment: an order that is not paid has none', async () => {
    const { seller, ani } = await opened();
    const open = await ani.buy();
    const ended = await ani.buy();
    await seller.post(`/orders/${ended.orderId}/cancel`);
    for (const [{ orderId }, status] of [
      [open, 'awaiting_payment'],
      [ended, 'cancelled'],
    ] as const) {
      for (const patch of [{ tracking: 'JNE1' }, { fulfilment: 'packed' }, { hostNote: 'x' }]) {
        const answer = await seller.call('PATCH', `/orders/${orderId}`, patch);
        expect(answer.status).toBe(409);
        expect(answer.body.error).toMatchObject({ code: 'ORDER_NOT_PAYABLE', details: { status } });
      }
      expect(await orderOf(seller, orderId)).toMatchObject({ fulfilment: 'none' });
    }
  });

  it.each([
    ['an unknown step', { fulfilment: 'lost' }],
    ['a field of the server’s', { status: 'paid' }],
    ['a tracking number of a novel', { tracking: 'x'.repeat(101) }],
    ['a note of a novel', { hostNote: 'x'.repeat(1_001) }],
  ])('refuses %s', async (_, patch) => {
    const { seller, ani } = await opened();
    const order = await ani.buy();
    await confirm(seller, order);
    expect((await seller.call('PATCH', `/orders/${order.orderId}`, patch)).status).toBe(400);
  });

  it('is another shop’s not to change', async () => {
    const { ani } = await opened();
    const { orderId } = await ani.buy();
    const answer = await host(servers[0]).call('PATCH', `/orders/${orderId}`, { tracking: 'x' });
    expect(answer.status).toBe(404);
  });
});

describe('invoice numbers', () => {
  it('have no gap and no double, whoever confirms, also when twice at once', async () => {
    const { seller, stage, ani } = await opened();
    const other = host(servers[1], seller.shop);
    const budi = await buyer(servers[1], seller.shop, stage, 'budi');
    const orders: Order[] = [];
    for (let i = 0; i < 10; i++) orders.push(await ani.buy(), await budi.buy());
    expect(orders.every((order) => order.invoiceNumber === undefined)).toBe(true);
    await Promise.all(orders.flatMap((order) => [confirm(seller, order), confirm(other, order)]));
    const numbers = await Promise.all(
      orders.map(async ({ orderId }) => (await orderOf(seller, orderId)).invoiceNumber ?? ''),
    );
    const month = monthInJakarta(Date.now());
    const wanted = orders.map((_, i) => `INV.${month}.${String(i + 1).padStart(6, '0')}`);
    expect(numbers.sort()).toEqual(wanted);
    await untilAuditOk(seller);
  });

  it('are given to orders that cost nothing, and not to those that were never paid', async () => {
    const { seller, stage, ani } = await opened();
    const unpaid = await ani.buy();
    await seller.post(`/orders/${unpaid.orderId}/cancel`);
    await seller.patch(`/items/${stage.itemId}`, { price: 0 });
    const free = await ani.buy({ method: 'qris' });
    expect(free).toMatchObject({ status: 'paid', total: 0 });
    expect(free.invoiceNumber).toMatch(/^INV\.\d{4}\.000001$/);
    expect(await orderOf(seller, unpaid.orderId)).not.toHaveProperty('invoiceNumber');
  });

  it('stay when the order is refunded, and come with late money', async () => {
    const { seller, ani } = await opened();
    const late = await ani.buy();
    await seller.post(`/orders/${late.orderId}/cancel`);
    const { order: paid } = await confirm(seller, late);
    expect(paid.invoiceNumber).toMatch(/\.000001$/);
    await seller.post(`/orders/${late.orderId}/refund`, { restock: true, requestId: 'r' });
    expect(await orderOf(seller, late.orderId)).toMatchObject({
      status: 'refunded',
      invoiceNumber: paid.invoiceNumber,
    });
    const { order } = await confirm(seller, await ani.buy());
    expect(order.invoiceNumber).toMatch(/\.000002$/);
  });
});

describe('the list of orders', () => {
  it('finds by code, invoice, phone, name and amount', async () => {
    const { seller, stage, ani } = await opened();
    const budi = await buyer(servers[0], seller.shop, stage, 'budi');
    const recipient = { name: 'Siti Aminah', phone: '0812 3456 7890' };
    await ani.client.ask('me:update', { recipient });
    const mine = await ani.buy({ quantity: 3 });
    const his = await budi.buy();
    const { order: paid } = await confirm(seller, mine);
    const found = async (q: string, more = '') => {
      const path = `/orders?q=${encodeURIComponent(q)}${more}`;
      return (await seller.get<Page<HostOrder>>(path)).items.map(({ orderId }) => orderId);
    };
    for (const q of [
      mine.code,
      mine.code.toLowerCase(),
      `#${mine.code}`,
      paid.invoiceNumber ?? '',
      '081234567890',
      '+62 812-3456',
      'siti',
      'Viewer ANI',
      '30.000',
      'Rp30.000',
    ]) {
      expect(await found(q), q).toEqual([mine.orderId]);
    }
    expect(await found('Viewer')).toEqual([his.orderId, mine.orderId]);
    expect(await found('nobody')).toEqual([]);
    expect(await found('.*')).toEqual([]);
    expect(await found(mine.code, '&status=awaiting_payment')).toEqual([]);
    expect(await found(mine.code, `&liveId=${stage.liveId}`)).toEqual([mine.orderId]);
    expect(await found(mine.code, '&liveId=lv_other')).toEqual([]);
    expect((await seller.call('GET', '/orders?q=')).status).toBe(400);
  });

  it('comes by live, and by when it was paid', async () => {
    const { seller, stage, ani } = await opened();
    const second = await seller.stage(10);
    const budi = await buyer(servers[0], seller.shop, second, 'budi');
    const [first, other, third] = [await ani.buy(), await budi.buy(), await ani.buy()];
    await confirm(seller, third);
    await confirm(seller, other);
    const listed = async (query: string) =>
      (await seller.get<Page<HostOrder>>(`/orders?${query}`)).items.map(({ orderId }) => orderId);
    expect(await listed(`liveId=${second.liveId}`)).toEqual([other.orderId]);
    expect(await listed(`liveId=${stage.liveId}`)).toEqual([third.orderId, first.orderId]);
    expect(await listed(`liveId=${stage.liveId}&viewerId=ani&status=paid`)).toEqual([
      third.orderId,
    ]);
    expect(await listed('sort=paidAt')).toEqual([other.orderId, third.orderId]);
    expect(await listed(`sort=paidAt&liveId=${stage.liveId}`)).toEqual([third.orderId]);
    expect(await listed('sort=createdAt')).toEqual([third, other, first].map((o) => o.orderId));
    expect((await seller.call('GET', '/orders?sort=total')).status).toBe(400);
  });
});
