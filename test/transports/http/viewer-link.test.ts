import { beforeAll, describe, expect, it } from 'vitest';
import { type Host, host, newShop } from '../../support/host.js';
import { startRedis } from '../../support/redis-server.js';
import { startServer, type TestServer } from '../../support/server.js';
import { signToken } from '../../support/tokens.js';

let server: TestServer;
let other: TestServer;

beforeAll(async () => {
  const redisUrl = (await startRedis()).url;
  [server, other] = await Promise.all([startServer({ redisUrl }), startServer({ redisUrl })]);
});

interface Guest {
  shop: Host;
  token: string;
  viewerId: string;
}

async function guestIn(): Promise<Guest> {
  const shop = host(server, newShop());
  await shop.stage(1);
  const guest = await shop.call('POST', `/shops/${shop.shop}/guests`, { name: 'Dewi' }, 'none');
  expect(guest.status).toBe(201);
  return { shop, ...guest.body };
}

async function linkOf({ shop, token }: Guest): Promise<string> {
  const { status, body } = await shop.call('POST', '/me/link', { liveId: 'live_1' }, token);
  expect(status).toBe(201);
  expect(body.endsAt - Date.now()).toBeGreaterThan(86_000_000);
  const [page, code] = body.url.split('#claim=');
  expect(page).toMatch(new RegExp(`/live/${shop.shop}/live_1$`));
  return decodeURIComponent(code);
}

const open = (on: Host, code: unknown) => on.call('POST', '/me/link/open', { code }, 'none');

describe('a viewer’s link to another device', () => {
  it('signs the same guest in, once, on any server', async () => {
    const guest = await guestIn();
    const code = await linkOf(guest);
    const tries = await Promise.all(
      Array.from({ length: 6 }, (_, n) =>
        open(host(n % 2 ? server : other, guest.shop.shop), code),
      ),
    );
    const opened = tries.filter(({ status }) => status === 200);
    expect(opened).toHaveLength(1);
    expect(opened[0]?.body.viewerId).toBe(guest.viewerId);
    expect(tries.find(({ status }) => status !== 200)).toMatchObject({
      status: 401,
      body: { error: { code: 'UNAUTHENTICATED' } },
    });
    const ledger = await guest.shop.call('GET', '/me/reputation', undefined, opened[0]?.body.token);
    expect(ledger.status).not.toBe(401);
    // Still a guest: where guests may not book, the link is no way round.
    const [, claims = ''] = String(opened[0]?.body.token).split('.');
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
      sub: guest.viewerId,
      guest: true,
      name: 'Dewi',
    });
  });

  it('ends when a newer one is made, and is not to be guessed or bent', async () => {
    const guest = await guestIn();
    const first = await linkOf(guest);
    const second = await linkOf(guest);
    expect((await open(guest.shop, first)).status).toBe(401);
    const [shopId, secret] = second.split('.');
    for (const wrong of [
      `${shopId}.${secret}x.${guest.viewerId}`,
      `${shopId}.${secret}.${guest.viewerId}x`,
      `${newShop()}.${secret}.${guest.viewerId}`,
    ]) {
      expect((await open(guest.shop, wrong)).status).toBe(401);
    }
    for (const bad of ['', 'a.b', 7, `${second} `, `a.b.${'c'.repeat(200)}`]) {
      expect(await open(guest.shop, bad)).toMatchObject({
        status: 400,
        body: { error: { code: 'VALIDATION', details: { issues: [{ path: 'code' }] } } },
      });
    }
    expect((await open(guest.shop, second)).status).toBe(200);
  });

  it('is not for those who sign in elsewhere, nor for hosts, nor without a token', async () => {
    const shop = host(server, newShop());
    await shop.stage(1);
    const theirs = signToken({ sub: 'sari', shop: shop.shop, role: 'viewer', name: 'Sari' });
    expect(await shop.call('POST', '/me/link', { liveId: 'live_1' }, theirs)).toMatchObject({
      status: 403,
      body: { error: { code: 'FORBIDDEN', details: { reason: 'token' } } },
    });
    expect((await shop.call('POST', '/me/link', { liveId: 'live_1' })).status).toBe(403);
    expect((await shop.call('POST', '/me/link', { liveId: 'live_1' }, 'none')).status).toBe(401);
  });
});
