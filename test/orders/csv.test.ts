import { beforeAll, describe, expect, it } from 'vitest';
import type { Order } from '../../src/protocol/order.js';
import { type Host, host, type Stage } from '../support/host.js';
import { buyer } from '../support/orders.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { signToken } from '../support/tokens.js';

let server: TestServer;

beforeAll(async () => {
  server = await startServer({ redisUrl: (await startRedis()).url });
});

async function download({ shop }: Host, query = '') {
  const token = signToken({ sub: 'host', shop, role: 'host' });
  const response = await fetch(`${server.url}/api/v1/orders.csv${query}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const text = Buffer.from(await response.arrayBuffer()).toString('utf8');
  return { status: response.status, headers: response.headers, text };
}

/** RFC 4180, read strictly: an error for whatever a spreadsheet would have to guess. */
function parseCsv(text: string, separator = ','): Record<string, string>[] {
  const cell = new RegExp(
    `(?:"((?:[^"]|"")*)"|([^"${separator}\\r\\n]*))(${separator}|\\r\\n|$)`,
    'y',
  );
  const rows: string[][] = [[]];
  while (cell.lastIndex < text.length) {
    const match = cell.exec(text);
    if (!match) throw new Error('not a table');
    rows.at(-1)?.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === '\r\n' && cell.lastIndex < text.length) rows.push([]);
  }
  const [header = [], ...body] = rows;
  return body.map((row) => {
    expect(row).toHaveLength(header.length);
    return Object.fromEntries(header.map((name, i) => [name, row[i] ?? '']));
  });
}

/** As a clock in Jakarta shows it. */
function wib(at: number): string {
  const jakarta = { timeZone: 'Asia/Jakarta', dateStyle: 'short', timeStyle: 'medium' } as const;
  return new Intl.DateTimeFormat('sv-SE', jakarta).format(at);
}

async function sell(seller: Host, stage: Stage, name: string, viewerId = 'ani'): Promise<Order> {
  await seller.patch(`/items/${stage.itemId}`, { name });
  return (await buyer(server, seller.shop, stage, viewerId)).buy({ quantity: 2 });
}

describe('orders.csv', () => {
  it('opens in Excel: UTF-8 with a BOM, as a download, and parses back', async () => {
    const seller = host(server);
    const stage = await seller.stage(100);
    await seller.settings({ order: { ppnPercent: 11.5 } });
    const names = [
      'Kemeja "Batik", ukuran S',
      'Jilbab\nbaris dua',
      'Gamis ✨ – médium 中',
      "'kutip",
    ];
    const recipient = {
      name: 'Ani "A" Lestari',
      phone: '0812 3456 7890',
      address: 'Jl. Melati 5\nRT 01',
      city: 'Bandung',
      postalCode: '40123',
    };
    const { client } = await buyer(server, seller.shop, stage);
    await client.ask('me:update', { recipient });
    const orders: Order[] = [];
    for (const name of names) orders.unshift(await sell(seller, stage, name));
    const { orderId } = orders[0] as Order;
    const { order: paid } = await seller.post<{ order: Order }>(
      `/orders/${orderId}/confirm-payment`,
    );
    orders[0] = paid;

    const { status, headers, text } = await download(seller);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^text\/csv; charset=utf-8$/i);
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="?orders\.csv"?$/);
    expect(text.charCodeAt(0)).toBe(0xfeff);
    expect(parseCsv(text.slice(1))).toEqual(
      orders.map((order) => ({
        order_code: order.code,
        order_id: order.orderId,
        invoice: order.invoiceNumber ?? '',
        created_at_wib: wib(order.createdAt),
        status: order.status,
        viewer_id: 'ani',
        buyer: 'Viewer ani',
        recipient: 'Ani "A" Lestari',
        phone: "'+6281234567890",
        address: 'Jl. Melati 5, RT 01, Bandung, 40123',
        courier_note: '',
        delivery: 'ship',
        fulfilment: 'none',
        tracking: '',
        item_code: stage.items[0]?.code,
        sku: stage.items[0]?.sku,
        item_id: stage.itemId,
        item: order.lines[0]?.name,
        quantity: '2',
        unit_price: '10000',
        line_total: '20000',
        ppn_percent: '11.5',
        prices_include_ppn: 'no',
        subtotal: '20000',
        tax_base: '20000',
        ppn: '2300',
        shipping_fee: '0',
        service_fee: '0',
        total: '22300',
        payment_method: 'bank_transfer',
        payment_amount: '22300',
        paid_at_wib: order.paidAt ? wib(order.paidAt) : '',
        note: '',
        host_note: '',
      })),
    );
  });

  it('has nothing that a spreadsheet takes for a formula', async () => {
    const seller = host(server);
    const stage = await seller.stage(100);
    const names = ['=HYPERLINK("http://x.example","x")', '+1', '-2+3', '@SUM(A1)', '\t=1', '＝1+1'];
    for (const name of names) await sell(seller, stage, name, '@ani');
    await sell(seller, stage, 'Kemeja', '+62812');
    await sell(seller, stage, 'Kemeja', '-x');

    const rows = parseCsv((await download(seller)).text.slice(1));
    expect(rows).toHaveLength(8);
    for (const value of rows.flatMap((row) => Object.values(row))) {
      expect(value).not.toMatch(/^[=+\-@\t\r＝＋－＠]/u);
    }
    const stored = names.map((name) => name.trim());
    expect(rows.slice(2).map((row) => row.item?.replace(/^'/, ''))).toEqual(stored.reverse());
    expect(rows.map((row) => row.viewer_id).slice(0, 3)).toEqual(["'-x", "'+62812", "'@ani"]);
  });

  it('has none either in what the buyer and the host write', async () => {
    const seller = host(server);
    const stage = await seller.stage(5);
    const ani = await buyer(server, seller.shop, stage);
    const recipient = {
      name: '=cmd|calc',
      phone: '0812 3456 7890',
      address: '+62 Jl. Melati 🌸\n@RT 01',
      city: '-Bandung',
      note: '@SUM(A1)',
    };
    await ani.book(1);
    const { checkoutId } = await ani.checkout();
    const place = { checkoutId, paymentMethod: 'bank_transfer', requestId: 'o' } as const;
    const { order } = await ani.client.ask('order:place', { ...place, recipient, note: '=1+1' });
    await seller.post(`/orders/${order.orderId}/confirm-payment`);
    const sent = { fulfilment: 'shipped', tracking: '=JNE1', hostNote: '-titip' };
    await seller.patch(`/orders/${order.orderId}`, sent);
    expect(parseCsv((await download(seller)).text.slice(1))).toMatchObject([
      {
        recipient: "'=cmd|calc",
        address: "'+62 Jl. Melati 🌸, @RT 01, -Bandung",
        courier_note: "'@SUM(A1)",
        tracking: "'=JNE1",
        note: "'=1+1",
        host_note: "'-titip",
      },
    ]);
  });

  it('adds up: what is of the whole order stands in its first row alone', async () => {
    const seller = host(server);
    const stage = await seller.stage(10, 10, 10);
    await seller.settings({ order: { ppnPercent: 10 } });
    const ani = await buyer(server, seller.shop, stage);
    for (const { itemId } of stage.items.slice(1)) await ani.book(1, itemId);
    const order = await ani.buy();
    const rows = parseCsv((await download(seller)).text.slice(1));
    expect(rows.map((row) => row.sku).sort()).toEqual(stage.items.map((item) => item.sku).sort());
    for (const column of ['subtotal', 'ppn', 'total'] as const) {
      expect(rows.map((row) => row[column])).toEqual([String(order[column]), '', '']);
    }
    expect(rows.map((row) => row.order_id)).toEqual([order.orderId, order.orderId, order.orderId]);
  });

  it('opens in an Excel that has comma decimals: ?separator=;', async () => {
    const seller = host(server);
    const stage = await seller.stage(100);
    await seller.settings({ order: { ppnPercent: 11.5 } });
    await sell(seller, stage, 'Kemeja; biru, "S"');
    await sell(seller, stage, '=1+1;2');
    const { status, text } = await download(seller, '?separator=;');
    expect(status).toBe(200);
    const rows = parseCsv(text.slice(1), ';');
    expect(rows.map((row) => row.item)).toEqual(["'=1+1;2", 'Kemeja; biru, "S"']);
    expect(rows[0]).toMatchObject({ ppn_percent: '11,5', total: '22300' });
    for (const wrong of ['|', '', ';;']) {
      expect((await download(seller, `?separator=${wrong}`)).status).toBe(400);
    }
  });

  it('has every line of more than one page of orders, newest first, once', async () => {
    const seller = host(server);
    const stage = await seller.stage(300, 300);
    const ani = await buyer(server, seller.shop, stage);
    const orders: string[] = [];
    for (let i = 0; i < 205; i++) {
      await ani.book(1, stage.items[1]?.itemId);
      orders.unshift((await ani.buy()).orderId);
    }
    const rows = parseCsv((await download(seller)).text.slice(1));
    expect(rows.map((row) => row.order_id)).toEqual(orders.flatMap((id) => [id, id]));
  });

  it('takes the list’s filters, and is a header alone when there is nothing', async () => {
    const seller = host(server);
    const stage = await seller.stage(100);
    const ani = await buyer(server, seller.shop, stage, 'ani');
    const [paid, open] = [await ani.buy(), await ani.buy()];
    await seller.post(`/orders/${paid.orderId}/confirm-payment`);
    await sell(seller, stage, 'Kemeja', 'budi');
    const ids = async (query: string) =>
      parseCsv((await download(seller, query)).text.slice(1)).map((row) => row.order_id);
    expect(await ids('?status=paid')).toEqual([paid.orderId]);
    expect(await ids('?viewerId=ani')).toEqual([open.orderId, paid.orderId]);
    expect(await ids('?status=needs_refund')).toEqual([]);
    expect((await download(seller, '?limit=5')).status).toBe(400);
    expect((await download(seller, '?status=unpaid')).status).toBe(400);
  });
});
