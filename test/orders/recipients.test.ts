import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Page } from '../../src/protocol/http.js';
import type { Order, OrderPlace } from '../../src/protocol/order.js';
import type { SettingsPatch } from '../../src/protocol/settings.js';
import type { Viewer } from '../../src/protocol/viewer.js';
import { untilAuditOk } from '../support/audit.js';
import { viewer, viewerWith } from '../support/client.js';
import { host } from '../support/host.js';
import { type Buyer, buyer, eventsOf, orderOf } from '../support/orders.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { signToken } from '../support/tokens.js';

let redis: RedisServer;
let server: TestServer;

beforeAll(async () => {
  redis = await startRedis();
  server = await startServer({ redisUrl: redis.url });
});

const ANI = { name: 'Ani Lestari', phone: '0812-3456-7890' };
const AT_HOME = { ...ANI, address: 'Jl. Melati 5\nRT 01/02', city: 'Bandung', postalCode: '40123' };

async function opened(order: SettingsPatch['order'] = {}) {
  const seller = host(server);
  const stage = await seller.stage(100);
  await seller.settings({ order });
  return { seller, stage, ani: await buyer(server, seller.shop, stage) };
}

/** Books, checks out and places with these wishes; answers the acknowledgement. */
async function place(ani: Buyer, wishes: Partial<OrderPlace> = {}) {
  await ani.book(1);
  const { checkoutId } = await ani.checkout();
  const request = { checkoutId, paymentMethod: 'bank_transfer', requestId: randomUUID() } as const;
  return ani.client.emit('order:place', { ...request, ...wishes });
}

async function placed(ani: Buyer, wishes: Partial<OrderPlace> = {}): Promise<Order> {
  const ack = await place(ani, wishes);
  if (!ack.ok) throw new Error(JSON.stringify(ack.error));
  return ack.data.order;
}

describe('a recipient', () => {
  it('stands on the order with the phone as +62…, and is remembered', async () => {
    const { seller, ani } = await opened();
    const order = await placed(ani, { recipient: AT_HOME, note: '  Tolong bungkus kado 🎁  ' });
    const kept = { ...AT_HOME, phone: '+6281234567890' };
    expect(order).toMatchObject({
      recipient: kept,
      note: 'Tolong bungkus kado 🎁',
      delivery: 'ship',
    });
    expect(await orderOf(seller, order.orderId)).toEqual(order);
    expect((await ani.client.ask('me:get', {})).recipient).toEqual(kept);
    const phone = await viewer(server, seller.shop, ani.id);
    expect((await phone.ask('me:get', {})).recipient).toEqual(kept);
    // The next order goes to the same, without being told again.
    expect((await placed(ani)).recipient).toEqual(kept);
  });

  it('is forgotten and replaced by me:update, without a change of orders', async () => {
    const { seller, ani } = await opened();
    const order = await placed(ani, { recipient: AT_HOME });
    const changed = await ani.client.ask('me:update', { recipient: { ...ANI, city: '' } });
    expect(changed.recipient).toEqual({ name: ANI.name, phone: '+6281234567890' });
    expect(changed.orders).toHaveLength(1);
    expect((await ani.client.ask('me:update', { recipient: null })).recipient).toBeNull();
    expect((await ani.client.ask('me:get', {})).recipient).toBeNull();
    expect((await orderOf(seller, order.orderId)).recipient?.address).toBe(AT_HOME.address);
    expect((await placed(ani)).recipient).toBeUndefined();
  });

  it('of a guest is forgotten after a day, and theirs for good with the first booking', async () => {
    const seller = host(server);
    const { liveId, itemId } = await seller.stage(1);
    const guest = (sub: string) =>
      viewerWith(server, signToken({ sub, shop: seller.shop, role: 'viewer', guest: true }));
    const kept = { ...AT_HOME, phone: '+6281234567890' };
    const [ani, budi] = [await guest('g_ani'), await guest('g_budi')];
    expect((await ani.ask('me:update', { recipient: AT_HOME })).recipient).toEqual(kept);
    await budi.ask('me:update', { recipient: AT_HOME });
    expect((await (await guest('g_ani')).ask('me:get', {})).recipient).toEqual(kept);
    expect((await budi.ask('me:update', { recipient: null })).recipient).toBeNull();
    expect((await budi.ask('me:get', {})).recipient).toBeNull();
    expect((await seller.get<Page<Viewer>>('/viewers')).items).toEqual([]);
    const cici = await guest('g_cici');
    await cici.ask('me:update', { recipient: AT_HOME });
    const told = async (id: string) => (await seller.call('GET', `/viewers/${id}/export`)).status;
    expect(await seller.get('/viewers/g_cici/export')).toEqual({
      viewer: { viewerId: 'g_cici', name: '', reputation: 100, status: 'active', guest: true },
      recipient: kept,
      ...{
        handles: [],
        bookings: [],
        waitlist: [],
        orders: [],
        refunds: [],
        ledger: [],
        comments: [],
      },
    });
    expect(await told('g_budi')).toBe(404);
    expect((await seller.call('DELETE', '/viewers/g_cici')).body).toEqual({ erased: true });
    expect((await cici.ask('me:get', {})).recipient).toBeNull();
    expect(await told('g_cici')).toBe(404);
    expect((await seller.call('DELETE', '/viewers/g_cici')).status).toBe(404);
    const dodi = { viewerId: 'g_dodi', name: 'Dodi', guest: true };
    await server.app.services.viewers.makeLink(seller.shop, dodi);
    expect(await seller.get('/viewers/g_dodi/export')).toMatchObject({ viewer: dodi });
    expect((await seller.call('DELETE', '/viewers/g_dodi')).body).toEqual({ erased: true });
    expect(await told('g_dodi')).toBe(404);
    const client = await redis.client();
    const keys = await client.keys(`*${seller.shop}*g_*`);
    expect(keys).toHaveLength(1);
    const left = await client.ttl(keys[0] ?? '');
    expect(left).toBeGreaterThan(86_000);
    expect(left).toBeLessThanOrEqual(86_400);
    await ani.ask('booking:create', { liveId, itemId, quantity: 1, requestId: 'b' });
    expect((await ani.ask('me:get', {})).recipient).toEqual(kept);
    const { items } = await seller.get<Page<Viewer>>('/viewers');
    expect(items.map(({ viewerId }) => viewerId)).toEqual(['g_ani']);
    expect(await client.exists(keys)).toBe(0);
    expect((await ani.ask('me:update', { recipient: null })).recipient).toBeNull();
    expect((await ani.ask('me:get', {})).recipient).toBeNull();
    await untilAuditOk(seller);
  });

  it.each([
    ['0812 3456 7890', '+6281234567890'],
    ['62812-3456-7890', '+6281234567890'],
    ['+62 812-3456-7890', '+6281234567890'],
    ['+62 (0)812 3456 7890', '+6281234567890'],
    ['81234567890', '+6281234567890'],
    ['0062 812 3456 7890', '+6281234567890'],
    ['(021) 555-1234', '+62215551234'],
    ['+65 9123 4567', '+6591234567'],
    ['0065 9123 4567', '+6591234567'],
    ['+1 415 555 2671', '+14155552671'],
  ])('has a phone in any usual form: %s', async (phone, kept) => {
    const { ani } = await opened();
    const me = await ani.client.ask('me:update', { recipient: { ...ANI, phone } });
    expect(me.recipient?.phone).toBe(kept);
  });

  const wrong: [what: string, field: string, recipient: object][] = [
    ['a phone of three digits', 'phone', { ...ANI, phone: '112' }],
    ['a phone of letters', 'phone', { ...ANI, phone: 'telepon saya' }],
    ['letters around a phone', 'phone', { ...ANI, phone: 'wa 081234567890 ya' }],
    ['two phones', 'phone', { ...ANI, phone: '081234567890 / 081300000000' }],
    ['a country that there is not', 'phone', { ...ANI, phone: '+999123456789' }],
    ['a phone that is too long', 'phone', { ...ANI, phone: '08123456789012345' }],
    ['no phone', 'phone', { name: 'Ani' }],
    ['a number for a phone', 'phone', { ...ANI, phone: 81234567890 }],
    ['no name', 'name', { phone: ANI.phone }],
    ['a blank name', 'name', { ...ANI, name: ' \u200b ' }],
    ['an address of 5,000 characters', 'address', { ...ANI, address: 'a'.repeat(5_000) }],
    ['a postal code of a novel', 'postalCode', { ...ANI, postalCode: '1'.repeat(300) }],
  ];
  it.each(wrong)('is refused with %s, and nothing happens', async (_, field, recipient) => {
    const { ani } = await opened();
    const issue = { path: `recipient.${field}` };
    const refusal = { ok: false, error: { code: 'VALIDATION', details: { issues: [issue] } } };
    expect(await ani.client.send('me:update', { recipient })).toMatchObject(refusal);
    expect(await place(ani, { recipient: recipient as never })).toMatchObject(refusal);
    const me = await ani.client.ask('me:get', {});
    expect(me).toMatchObject({ recipient: null, orders: [], bookings: [{ status: 'held' }] });
  });

  it('keeps emoji and lines of an address, and no control characters', async () => {
    const { ani } = await opened();
    const address = 'Jl. Mawar 🌹 7\r\nGang 2\u0000\u202e';
    const order = await placed(ani, { recipient: { ...ANI, address } });
    expect(order.recipient?.address).toBe('Jl. Mawar 🌹 7\nGang 2');
  });

  it('is refused with a note that is too long', async () => {
    const { ani } = await opened();
    const refusal = { ok: false, error: { code: 'VALIDATION' } };
    expect(await place(ani, { note: 'a'.repeat(301) })).toMatchObject(refusal);
    expect((await placed(ani, { note: 'a'.repeat(300) })).note).toHaveLength(300);
  });
});

describe('a shop that asks for a recipient', () => {
  const requires = (...missing: string[]) => ({
    ok: false,
    error: { code: 'RECIPIENT_REQUIRED', details: { missing } },
  });

  it('of a contact has name and phone', async () => {
    const { seller, ani } = await opened({ recipient: 'contact' });
    expect(await place(ani)).toMatchObject(requires('name', 'phone'));
    expect((await ani.client.ask('me:get', {})).bookings).toHaveLength(1);
    const order = await placed(ani, { recipient: ANI });
    expect(order.recipient).toEqual({ name: ANI.name, phone: '+6281234567890' });
    await untilAuditOk(seller);
  });

  it('of an address has it too, unless the buyer picks the order up', async () => {
    const { ani } = await opened({ recipient: 'address', allowPickup: true });
    expect(await place(ani)).toMatchObject(requires('name', 'phone', 'address'));
    expect(await place(ani, { recipient: ANI })).toMatchObject(requires('address'));
    expect(await place(ani, { recipient: { ...ANI, address: ' ' } })).toMatchObject(
      requires('address'),
    );
    expect(await place(ani, { delivery: 'pickup' })).toMatchObject(requires('name', 'phone'));
    expect((await placed(ani, { delivery: 'pickup', recipient: ANI })).delivery).toBe('pickup');
    // What is remembered from there is not enough to ship to.
    expect(await place(ani)).toMatchObject(requires('address'));
    expect((await placed(ani, { recipient: AT_HOME })).recipient?.city).toBe('Bandung');
  });
});

describe('pickup', () => {
  it('costs no shipping fee; the checkout’s total is that of shipping', async () => {
    const fees = { shippingFee: 15_000, serviceFee: 1_000 };
    const { seller, ani } = await opened({ ...fees, allowPickup: true, ppnPercent: 11 });
    await ani.book(1);
    const { checkoutId, ...checkout } = await ani.checkout();
    expect(checkout).toMatchObject({ ...fees, subtotal: 10_000, ppn: 1_100, total: 27_100 });
    // The buyer has agreed to this; what the settings become changes nothing.
    await seller.settings({ order: { shippingFee: 99_000, serviceFee: 0, ppnPercent: 0 } });
    const { client } = ani;
    const request = { checkoutId, paymentMethod: 'qris', requestId: 'r' } as const;
    const { order } = await client.ask('order:place', { ...request, delivery: 'pickup' });
    expect(order).toMatchObject({
      delivery: 'pickup',
      shippingFee: 0,
      serviceFee: 1_000,
      total: 12_100,
      payment: { amount: 12_100 },
    });
    await untilAuditOk(seller);
  });

  it('is refused where the shop does not offer it', async () => {
    const { ani } = await opened();
    for (const delivery of ['pickup', 'drone'] as 'pickup'[]) {
      const ack = await place(ani, { delivery });
      expect(ack).toMatchObject({ ok: false, error: { code: 'VALIDATION' } });
    }
    expect((await placed(ani, { delivery: 'ship' })).delivery).toBe('ship');
  });
});

describe('a requestId of order:place', () => {
  it.each([
    ['delivery', { delivery: 'pickup' }],
    ['recipient', { recipient: { ...ANI, phone: '081298765432' } }],
    ['note', { note: 'lain' }],
  ] as const)('with another %s is another payload', async (_, other) => {
    const { ani } = await opened({ allowPickup: true });
    await ani.book(1);
    const { checkoutId } = await ani.checkout();
    const first = {
      checkoutId,
      paymentMethod: 'bank_transfer',
      requestId: 'r',
      recipient: ANI,
    } as const;
    const { order } = await ani.client.ask('order:place', first);
    const again = { ...first, recipient: { ...ANI, phone: '+62 812 3456 7890' } };
    expect((await ani.client.ask('order:place', again)).order).toEqual(order);
    expect(await ani.client.emit('order:place', { ...first, ...other })).toMatchObject({
      ok: false,
      error: { code: 'REQUEST_CONFLICT' },
    });
    expect((await ani.client.ask('me:get', {})).recipient?.phone).toBe('+6281234567890');
  });
});

describe('what the host alone knows', () => {
  it('is sent to nobody else: the note of an order', async () => {
    const { seller, ani } = await opened();
    const { orderId } = await placed(ani, { recipient: ANI });
    await seller.post(`/orders/${orderId}/confirm-payment`);
    const hostNote = 'pelanggan lama';
    const { order } = await seller.patch<{ order: unknown }>(`/orders/${orderId}`, { hostNote });
    expect(order).toMatchObject({ hostNote });
    expect(await seller.get(`/orders/${orderId}`)).toMatchObject({ order: { hostNote } });
    expect(JSON.stringify(await ani.client.ask('me:get', {}))).not.toContain(hostNote);
    expect(JSON.stringify(await eventsOf(redis, seller.shop, 'order'))).not.toContain(hostNote);
  });
});
