import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT } from 'jose';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { atEnd } from '../support/at-end.js';
import { viewerWith } from '../support/client.js';
import { host } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { spawnServer } from '../support/server-process.js';
import { signToken } from '../support/tokens.js';
import { until } from '../support/until.js';

const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];
const SHOP = 'key-shop';
const claims = { sub: 'ani', shop: SHOP, role: 'viewer' };

const keys: JWK[] = [];
const pairs = new Map<string, { privateKey: CryptoKey; publicKey: CryptoKey }>();
let redisUrl: string;
let keysOnly: TestServer;
let both: TestServer;

beforeAll(async () => {
  for (const alg of ALGORITHMS) {
    const pair = await generateKeyPair(alg, { extractable: true });
    pairs.set(alg, pair);
    keys.push({ ...(await exportJWK(pair.publicKey)), kid: alg, alg });
  }
  const { url: jwksUrl } = await keyServer();
  redisUrl = (await startRedis()).url;
  const keysAlone = { AUTH_SECRET: '', ALLOW_GUESTS: 'false', AUTH_JWKS_URL: jwksUrl };
  keysOnly = await startServer({ redisUrl, ...keysAlone });
  both = await startServer({ redisUrl, AUTH_JWKS_URL: jwksUrl });
});

function sign(alg: string, more: object = {}, kid = alg): Promise<string> {
  const key = pairs.get(alg)?.privateKey as CryptoKey;
  return new SignJWT({ ...claims, ...more }).setProtectedHeader({ alg, kid }).sign(key);
}

describe.each(ALGORITHMS)('a token that the shop signs by %s', (alg) => {
  it('opens the host’s API and a viewer’s socket', async () => {
    for (const server of [keysOnly, both]) {
      const asHost = await sign(alg, { role: 'host', sub: 'h' });
      expect((await host(server, SHOP).call('GET', '/items', undefined, asHost)).status).toBe(200);
      const client = await viewerWith(server, await sign(alg));
      expect(await client.ask('me:get', {})).toMatchObject({ viewerId: 'ani' });
    }
  });
});

describe('a server with keys', () => {
  const refused = async (server: TestServer, token: string) =>
    expect(viewerWith(server, token)).rejects.toThrow('UNAUTHENTICATED');

  it('refuses what is expired, signed by a key it does not know, or changed', async () => {
    await refused(keysOnly, await sign('ES256', { exp: 1 }));
    await refused(keysOnly, await sign('ES256', {}, 'another'));
    const stranger = await generateKeyPair('ES256');
    const header = { alg: 'ES256', kid: 'ES256' };
    await refused(
      keysOnly,
      await new SignJWT(claims).setProtectedHeader(header).sign(stranger.privateKey),
    );
    const changed = `.${btoa(JSON.stringify({ ...claims, sub: 'budi' })).replaceAll('=', '')}.`;
    await refused(keysOnly, (await sign('ES256')).replace(/\..+\./, changed));
  });

  it('takes no public key for a secret', async () => {
    const pem = await exportSPKI(pairs.get('RS256')?.publicKey as CryptoKey);
    await refused(keysOnly, signToken(claims, pem));
    await refused(both, signToken(claims, pem));
  });

  it('takes of the secret’s tokens only those that it has given out itself', async () => {
    await refused(keysOnly, signToken(claims));
    await refused(both, signToken(claims));
    await host(both, SHOP).call('GET', '/items', undefined, await sign('ES256', { role: 'host' }));
    const guests = `${both.url}/api/v1/shops/${SHOP}/guests`;
    const json = { 'content-type': 'application/json' };
    const given = await fetch(guests, { method: 'POST', headers: json, body: '{"name":"Ani"}' });
    const { token, viewerId } = (await given.json()) as { token: string; viewerId: string };
    const client = await viewerWith(both, token);
    expect(await client.ask('me:get', {})).toMatchObject({ viewerId });
    await refused(keysOnly, token);
  });
});

type Serve = (response: ServerResponse) => unknown;

/** An address for keys that a test can spoil. */
async function keyServer() {
  const sound: Serve = (response) => response.end(JSON.stringify({ keys }));
  const state = { serve: sound };
  const server = createServer((_, response) => state.serve(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(() => {
    server.close();
    server.closeAllConnections();
  });
  return { state, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys.json` };
}

describe('keys that cannot be fetched', () => {
  const faults: [string, Serve][] = [
    ['the address is down', (response) => response.destroy()],
    ['it answers an error', (response) => response.writeHead(500).end()],
    ['it answers no JSON', (response) => response.end('<html>')],
    ['it answers no keys', (response) => response.end('{"keys":"none"}')],
    ['it never answers', () => {}],
  ];

  it.each(faults)('are no fault of the token: %s', async (_, spoiled) => {
    const { state, url } = await keyServer();
    const sound = state.serve;
    state.serve = spoiled;
    const server = await spawnServer({ redisUrl, AUTH_JWKS_URL: url });
    const token = await sign('ES256', { role: 'host' });
    const asked = () => host(server, SHOP).call('GET', '/items', undefined, token);
    const begun = performance.now();
    expect(await asked()).toMatchObject({
      status: 503,
      body: { error: { code: 'AUTH_UNAVAILABLE' } },
    });
    await expect(viewerWith(server, await sign('ES256'))).rejects.toMatchObject({
      message: 'AUTH_UNAVAILABLE',
      data: { code: 'AUTH_UNAVAILABLE' },
    });
    expect(performance.now() - begun).toBeLessThan(2 * 5_000);
    await until('the log says so', () =>
      server.log.some(({ msg }) => msg === 'the keys of AUTH_JWKS_URL cannot be fetched'),
    );
    state.serve = sound;
    expect((await asked()).status).toBe(200);
  });

  it('are fetched again soon for a token with a key that was added since', async () => {
    const { state, url } = await keyServer();
    const server = await startServer({ redisUrl, AUTH_JWKS_URL: url });
    const asked = async (token: string) =>
      (await host(server, SHOP).call('GET', '/items', undefined, token)).status;
    expect(await asked(await sign('ES256', { role: 'host' }))).toBe(200);
    const added = await generateKeyPair('ES256', { extractable: true });
    const key = { ...(await exportJWK(added.publicKey)), kid: 'added', alg: 'ES256' };
    state.serve = (response) => response.end(JSON.stringify({ keys: [...keys, key] }));
    const token = await new SignJWT({ ...claims, role: 'host' })
      .setProtectedHeader({ alg: 'ES256', kid: 'added' })
      .sign(added.privateKey);
    await until('the new key is known', async () => (await asked(token)) === 200);
  });

  it('are those of before, for an hour', async () => {
    const { state, url } = await keyServer();
    const server = await startServer({ redisUrl, AUTH_JWKS_URL: url });
    const code = async (kid?: string) => {
      const token = await sign('ES256', { role: 'host' }, kid);
      const { status, body } = await host(server, SHOP).call('GET', '/items', undefined, token);
      return status === 200 ? 'served' : body.error.code;
    };
    expect(await code()).toBe('served');
    state.serve = (response) => response.destroy();
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    vi.setSystemTime(Date.now() + 20 * 60_000);
    expect([await code(), await code('another')]).toEqual(['served', 'AUTH_UNAVAILABLE']);
    vi.setSystemTime(Date.now() + 60 * 60_000);
    expect(await code()).toBe('AUTH_UNAVAILABLE');
  });
});

describe('AUTH_ISSUER and AUTH_AUDIENCE', () => {
  const of = { iss: 'https://id.shop.example', aud: 'livehold' };
  const bad: [string, object][] = [
    ['neither', {}],
    ['no issuer', { aud: of.aud }],
    ['no audience', { iss: of.iss }],
    ['another issuer', { ...of, iss: 'https://id.other.example' }],
    ['another audience', { ...of, aud: ['other'] }],
  ];
  let byKeys: TestServer;
  let bySecret: TestServer;

  beforeAll(async () => {
    const settings = { redisUrl, AUTH_ISSUER: of.iss, AUTH_AUDIENCE: of.aud };
    byKeys = await startServer({ ...settings, AUTH_JWKS_URL: (await keyServer()).url });
    bySecret = await startServer(settings);
  });

  it.each(bad)('a token with %s is refused', async (_, more) => {
    for (const [server, token] of [
      [byKeys, await sign('ES256', more)],
      [bySecret, signToken({ ...claims, ...more })],
    ] as const) {
      await expect(viewerWith(server, token)).rejects.toMatchObject({
        data: {
          code: 'UNAUTHENTICATED',
          details: { token: 'is not of AUTH_ISSUER and for AUTH_AUDIENCE' },
        },
      });
    }
  });

  it('a token with both is taken, and what this server gives out', async () => {
    for (const more of [of, { ...of, aud: ['other', 'livehold'] }]) {
      await viewerWith(byKeys, await sign('ES256', more));
      await viewerWith(bySecret, signToken({ ...claims, ...more }));
    }
    const own = { id: 'ani', shopId: SHOP, role: 'viewer' } as const;
    for (const server of [byKeys, bySecret]) {
      await viewerWith(server, server.app.tokens.sign(own, '1h'));
    }
  });
});
