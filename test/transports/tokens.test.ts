import { beforeAll, describe, expect, it } from 'vitest';
import { hostSocket, viewer, viewerWith } from '../support/client.js';
import { type Host, host } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { type Claims, signToken, unsignedToken } from '../support/tokens.js';

let server: TestServer;
let seller: Host;
let stage: { liveId: string; itemId: string };
let sound: Claims;

beforeAll(async () => {
  const { url: redisUrl } = await startRedis();
  server = await startServer({ redisUrl });
  seller = host(server);
  stage = await seller.stage(10);
  sound = { sub: 'ani', shop: seller.shop, role: 'viewer' };
});

const seconds = () => Math.floor(Date.now() / 1_000);

const unsound: [string, () => string][] = [
  ['garbage', () => 'not.a.token'],
  ['a word', () => 'token'],
  ['very long', () => 'x'.repeat(9_000)],
  ['another secret', () => signToken(sound, 'another secret that is long enough too')],
  ['no signature', () => unsignedToken(sound)],
  [
    'a changed payload',
    () => signToken(sound).replace(/\.[^.]+\./, `.${btoa('{"role":"host"}')}.`),
  ],
  ['expired', () => signToken({ ...sound, exp: seconds() - 1 })],
  ['no shop', () => signToken({ sub: 'ani', role: 'viewer' })],
  ['no role', () => signToken({ sub: 'ani', shop: seller.shop })],
  ['an unknown role', () => signToken({ ...sound, role: 'admin' })],
  ['no sub', () => signToken({ shop: seller.shop, role: 'viewer' })],
  ['a sub with a newline', () => signToken({ ...sound, sub: 'a\nb' })],
  ['a shop with braces', () => signToken({ ...sound, shop: '{x}' })],
  ['an exp in words', () => signToken({ ...sound, exp: 'tomorrow' })],
  ['not valid yet', () => signToken({ ...sound, nbf: seconds() + 600 })],
];

/** The code with which the server refuses the connection. */
function refusal(connecting: Promise<unknown>): Promise<string> {
  return connecting.then(
    () => 'connected',
    (error: Error) => error.message,
  );
}

describe.each(unsound)('a token that is %s', (_, token) => {
  it('does not connect to /live or /host', async () => {
    expect(await refusal(viewerWith(server, token()))).toBe('UNAUTHENTICATED');
    expect(await refusal(hostSocket(server, seller.shop, token()))).toBe('UNAUTHENTICATED');
  });

  it('opens nothing over HTTP', async () => {
    const { status, body } = await seller.call('GET', '/items', undefined, token());
    expect({ status, code: body.error.code }).toEqual({ status: 401, code: 'UNAUTHENTICATED' });
  });
});

describe('a sound token', () => {
  it('of a viewer opens neither /host nor the host’s API', async () => {
    const token = signToken(sound);
    expect(await refusal(hostSocket(server, seller.shop, token))).toBe('FORBIDDEN');
    for (const [method, path] of [
      ['GET', '/settings'],
      ['PATCH', '/settings'],
      ['POST', '/items'],
      ['GET', '/audit'],
      ['GET', '/viewers'],
      ['POST', `/lives/${stage.liveId}/end`],
    ] as const) {
      const { status, body } = await seller.call(method, path, undefined, token);
      expect({ path, status, code: body.error?.code }).toEqual({
        path,
        status: 403,
        code: 'FORBIDDEN',
      });
    }
  });

  it('of a host cannot book', async () => {
    const client = await viewerWith(server, signToken({ ...sound, role: 'host' }));
    const request = { ...stage, quantity: 1, requestId: 'r1' };
    expect(await client.emit('booking:create', request)).toMatchObject({
      ok: false,
      error: { code: 'FORBIDDEN' },
    });
  });

  it('of another shop sees nothing of this one', async () => {
    const stranger = host(server);
    const { status, body } = await stranger.call('GET', `/items/${stage.itemId}`);
    expect({ status, code: body.error.code }).toEqual({ status: 404, code: 'NOT_FOUND' });
    const client = await viewer(server, stranger.shop, 'ani');
    const request = { ...stage, quantity: 1, requestId: 'r1' };
    expect(await client.emit('booking:create', request)).toMatchObject({
      error: { code: 'NOT_FOUND' },
    });
    expect((await stranger.get<{ items: unknown[] }>('/items')).items).toEqual([]);
  });

  it('is needed for HTTP, as a bearer', async () => {
    for (const headers of [{}, { authorization: signToken(sound) }, { authorization: 'Bearer' }]) {
      const response = await fetch(`${server.url}/api/v1/items`, { headers });
      expect(response.status).toBe(401);
    }
  });

  it('stops working at its exp in the middle of a connection', async () => {
    const request = { ...stage, quantity: 1, requestId: 'r1' };
    const lasting = await viewer(server, seller.shop, 'dying');
    const lastingHost = await hostSocket(server, seller.shop);
    const exp = seconds() + 4;
    const dying = await viewerWith(server, signToken({ ...sound, sub: 'dying', exp }));
    const dyingHost = await hostSocket(
      server,
      seller.shop,
      signToken({ ...sound, role: 'host', exp }),
    );
    await dying.ask('live:join', { shopId: seller.shop, liveId: stage.liveId });
    const { booking } = await dying.ask('booking:create', request);
    await lasting.next('booking:updated');
    await dyingHost.next('booking:updated');
    await new Promise((resolve) => setTimeout(resolve, exp * 1_000 - Date.now() + 50));

    const { bookingId } = booking;
    for (const [event, payload] of [
      ['booking:create', { ...request, requestId: 'r2' }],
      ['booking:cancel', { bookingId }],
      ['me:get', {}],
    ] as const) {
      expect(await dying.send(event, payload)).toMatchObject({
        ok: false,
        error: { code: 'UNAUTHENTICATED' },
      });
    }
    expect(await dyingHost.emit('live:join', { liveId: stage.liveId })).toMatchObject({
      error: { code: 'UNAUTHENTICATED' },
    });
    // It may still watch, but hears nothing private any more.
    await lasting.ask('booking:cancel', { bookingId });
    await lasting.next('booking:updated', (told) => told.booking.status === 'cancelled');
    await lastingHost.next('booking:updated', (told) => told.booking.status === 'cancelled');
    await dying.next('stock:changed', ({ items }) => items.some((item) => item.booked === 0));
    expect(dying.heard('booking:updated')).toEqual([]);
    expect(dyingHost.heard('booking:updated')).toHaveLength(1);
    dying.drop();
    expect(await refusal(dying.connect())).toBe('UNAUTHENTICATED');
  });
});
