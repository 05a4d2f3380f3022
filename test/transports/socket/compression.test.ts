import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { constants, deflateRawSync } from 'node:zlib';
import { io } from 'socket.io-client';
import { beforeAll, describe, expect, it } from 'vitest';
import { atEnd } from '../../support/at-end.js';
import { Client, type ViewerClient, viewer } from '../../support/client.js';
import { host, type Stage } from '../../support/host.js';
import { RawWebSocket, rawFrame } from '../../support/raw-websocket.js';
import { startRedis } from '../../support/redis-server.js';
import { startServer, type TestServer } from '../../support/server.js';
import { signToken } from '../../support/tokens.js';
import { until } from '../../support/until.js';

const OFFER = 'permessage-deflate; client_max_window_bits';
const EVERYBODYS = ['stock:changed', 'stock:released', 'item:updated', 'live:updated'] as const;

/** Units that come last of all. */
const LAST = 7_777;

let server: TestServer;

beforeAll(async () => {
  server = await startServer({ redisUrl: (await startRedis()).url });
});

/** A viewer who watches, with Socket.IO's own client. @param options of it */
async function watcher(shop: string, liveId: string, options: object): Promise<ViewerClient> {
  const socket = io(`${server.url}/live`, { forceNew: true, autoConnect: false, ...options });
  atEnd(() => socket.disconnect());
  const client: ViewerClient = new Client(socket);
  await client.connect();
  await client.ask('live:join', { shopId: shop, liveId });
  return client;
}

/** A connection by hand that offers `extensions`, joined to the live as a viewer. */
async function joinedByHand(
  shop: string,
  { liveId }: Stage,
  extensions = OFFER,
): Promise<RawWebSocket> {
  const raw = await RawWebSocket.open(server, '', '', extensions);
  const token = signToken({ sub: 'budi', shop, role: 'viewer', name: 'Budi' });
  raw.write([`40/live,${JSON.stringify({ token })}`]);
  await came(raw, '40/live,');
  raw.write([`42/live,1${JSON.stringify(['live:join', { shopId: shop, liveId }])}`]);
  await came(raw, '43/live,1');
  return raw;
}

function came(raw: RawWebSocket, start: string): Promise<string> {
  return until(start, () => raw.texts.find((text) => text.startsWith(start)));
}

/** Every event that everybody in the live gets, in order, up to the stock and the release of the last restock. */
async function news(client: ViewerClient): Promise<unknown[]> {
  await client.next('stock:released', (told) => told.releases.some((one) => one.quantity === LAST));
  await client.next('stock:changed', (told) => told.items.some((one) => one.available >= LAST));
  return EVERYBODYS.map((event) => client.heard(event));
}

/** What browsers of today say that they are; the last is `URLSessionWebSocketTask`, which apps for iOS use. */
const AGENTS = {
  safari:
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
  chromeOnPhone:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/137.0 Mobile/15E148 Safari/604.1',
  app: 'Shop/12 CFNetwork/3826.500 Darwin/24.5.0',
  chrome:
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Mobile Safari/537.36',
  firefox: 'Mozilla/5.0 (X11; Linux x86_64; rv:139.0) Gecko/20100101 Firefox/139.0',
};

describe('compression', () => {
  it('is not agreed upon with clients of Apple, which break off', async () => {
    const agreed = async (agent: string) =>
      (await RawWebSocket.open(server, '', '', OFFER, agent)).extensions !== '';
    const { safari, chromeOnPhone, app, chrome, firefox } = AGENTS;
    expect(await Promise.all([safari, chromeOnPhone, app].map(agreed))).toEqual([
      false,
      false,
      false,
    ]);
    expect(await Promise.all([chrome, firefox].map(agreed))).toEqual([true, true]);
  });

  it('changes nothing of what anybody receives on a random day', async () => {
    const seller = host(server);
    const { liveId, items } = await seller.stage(...Array<number>(12).fill(30));
    await seller.settings({ booking: { bookingTimeoutMinutes: 0.01 } });
    const websocket = { transports: ['websocket'] };
    const [compressed, plain, polling, upgraded] = await Promise.all([
      watcher(seller.shop, liveId, websocket),
      watcher(seller.shop, liveId, { ...websocket, perMessageDeflate: false }),
      // Engine.IO's own way, which no ready frame takes.
      watcher(seller.shop, liveId, { transports: ['polling'] }),
      watcher(seller.shop, liveId, {}),
    ]);
    await until('upgraded', () => upgraded.socket.io.engine.transport.name === 'websocket');
    const byHand = await joinedByHand(seller.shop, { liveId } as Stage);
    const plainByHand = await joinedByHand(seller.shop, { liveId } as Stage, '');
    const before = [byHand.bytesRead, plainByHand.bytesRead];
    const crowd = Array.from({ length: 6 }, async (_, n) => {
      const buyer = await viewer(server, seller.shop, `v${n}`);
      for (let i = 0; i < 40; i++) {
        const itemId = items[randomInt(items.length)]?.itemId ?? '';
        const request = { liveId, itemId, quantity: randomInt(1, 4), requestId: `${i}` };
        const ack = await buyer.emit('booking:create', request);
        if (ack.ok && randomInt(3) === 0)
          await buyer.emit('booking:cancel', { bookingId: ack.data.booking.bookingId });
        if (randomInt(8) === 0) await seller.restock(itemId, 1);
        await delay(randomInt(12));
      }
    });
    await Promise.all(crowd);
    await seller.patch(`/items/${items[0]?.itemId}`, { name: 'Kemeja é 👗 '.repeat(9).trim() });
    await until(
      'nothing is held',
      async () => (await seller.audit()).ok && (await heldOf(seller)) === 0,
    );
    await seller.patch(`/lives/${liveId}`, { title: 'The last of it' });
    await seller.restock(items[0]?.itemId ?? '', LAST);

    const heard = await news(plain);
    expect((heard[0] as unknown[]).length).toBeGreaterThan(10);
    expect((heard[1] as unknown[]).length).toBeGreaterThan(10);
    for (const client of [compressed, polling, upgraded]) expect(await news(client)).toEqual(heard);
    for (const raw of [byHand, plainByHand])
      await until('the last', () => raw.texts.some((text) => text.includes(`"quantity":${LAST},`)));
    const everybodys = (raw: RawWebSocket) =>
      raw.texts.filter((text) => EVERYBODYS.some((event) => text.startsWith(`42/live,["${event}`)));
    expect(everybodys(byHand)).toEqual(everybodys(plainByHand));
    const bytes = byHand.bytesRead - (before[0] ?? 0);
    const plainBytes = plainByHand.bytesRead - (before[1] ?? 0);
    console.info(`a day's news: ${plainBytes} B plain, ${bytes} B compressed`);
    expect(bytes).toBeLessThan(plainBytes * 0.6);
  });

  it('is agreed to without context takeover, and not for what is one person’s alone', async () => {
    const seller = host(server);
    const stage = await seller.stage(...Array<number>(5).fill(9));
    const raw = await joinedByHand(seller.shop, stage);
    expect(raw.extensions).toContain('server_no_context_takeover');
    expect(raw.extensions).toContain('client_no_context_takeover');
    const request = { liveId: stage.liveId, itemId: stage.itemId, quantity: 1, requestId: 'r1' };
    raw.write([`42/live,2${JSON.stringify(['booking:create', request])}`]);
    await came(raw, '43/live,2');
    await seller.patch(`/lives/${stage.liveId}`, { title: 'A title. '.repeat(9).trim() });
    const updated = await came(raw, '42/live,["live:updated"');
    expect([...raw.compressed]).toContain(updated);
    const other = await viewer(server, seller.shop, 'budi');
    const { bookings } = await other.ask('me:get', {});
    await other.ask('booking:cancel', { bookingId: bookings[0]?.bookingId ?? '' });
    const mine = await came(raw, '42/live,["booking:updated"');
    expect(mine.length).toBeGreaterThan(256);
    for (const text of raw.compressed)
      expect(
        EVERYBODYS.some((event) => text.startsWith(`42/live,["${event}"`)),
        text,
      ).toBe(true);
  });

  it.each([
    ['', false],
    ['x-webkit-deflate-frame', false],
    ['permessage-deflate; server_max_window_bits=15', true],
    ['permessage-deflate; server_max_window_bits=12; client_max_window_bits=12', true],
    ['permessage-deflate; server_max_window_bits=9', false],
  ])('suits who offers "%s"', async (offer, compressed) => {
    const seller = host(server);
    const stage = await seller.stage(5);
    const raw = await joinedByHand(seller.shop, stage, offer);
    await seller.patch(`/lives/${stage.liveId}`, { title: 'A title. '.repeat(9).trim() });
    const text = await came(raw, '42/live,["live:updated"');
    expect(raw.compressed.has(text)).toBe(compressed);
  });

  const FIRST = 0xc1; // the last part of a text, compressed
  const deflated = (text: string) =>
    deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);

  it('is read when clients compress, whole or in parts', async () => {
    const seller = host(server);
    const raw = await joinedByHand(seller.shop, await seller.stage(5));
    const ask = (id: number) => deflated(`42/live,${id}["me:get",{}]`);
    raw.writeBytes(Buffer.concat([rawFrame(FIRST, ask(2)), rawFrame(FIRST, ask(3))]));
    const parts = ask(4);
    raw.writeBytes(rawFrame(0x41, parts.subarray(0, 5)));
    raw.writeBytes(rawFrame(0x00, parts.subarray(5, 9)));
    raw.writeBytes(rawFrame(0x80, parts.subarray(9)));
    for (const id of [2, 3, 4]) expect(await came(raw, `43/live,${id}`)).toContain('"budi"');
    expect(raw.texts.filter((text) => text.startsWith('43')).map((text) => text[8])).toEqual([
      '1',
      '2',
      '3',
      '4',
    ]);
  });

  it.each([
    ['swells beyond what a message may be', deflated('a'.repeat(15_000_000))],
    ['is no compression at all', Buffer.from('ffffffffffff', 'hex')],
  ])('ends a connection whose message %s', async (_, payload) => {
    const seller = host(server);
    const stage = await seller.stage(5);
    const raw = await joinedByHand(seller.shop, stage);
    raw.writeBytes(rawFrame(FIRST, payload));
    await raw.closed;
    await joinedByHand(seller.shop, stage);
  });
});

async function heldOf(seller: ReturnType<typeof host>): Promise<number> {
  const { items } = await seller.get<{ items: { booked: number }[] }>('/items?limit=200');
  return items.reduce((sum, item) => sum + item.booked, 0);
}
