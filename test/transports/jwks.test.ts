import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { atEnd } from '../support/at-end.js';
import { viewerWith } from '../support/client.js';
import { host } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { signToken } from '../support/tokens.js';

const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];
const SHOP = 'key-shop';
const claims = { sub: 'ani', shop: SHOP, role: 'viewer' };

const pairs = new Map<string, { privateKey: CryptoKey; publicKey: CryptoKey }>();
let keysOnly: TestServer;
let both: TestServer;

beforeAll(async () => {
  const keys: JWK[] = [];
  for (const alg of ALGORITHMS) {
    const pair = await generateKeyPair(alg, { extractable: true });
    pairs.set(alg, pair);
    keys.push({ ...(await exportJWK(pair.publicKey)), kid: alg, alg });
  }
  const server = createServer((_, response) => response.end(JSON.stringify({ keys })));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(() => server.close());
  const jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys.json`;
  const { url: redisUrl } = await startRedis();
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

  it('takes the secret’s tokens only if it has the secret', async () => {
    await refused(keysOnly, signToken(claims));
    const client = await viewerWith(both, signToken(claims));
    expect(await client.ask('me:get', {})).toMatchObject({ viewerId: 'ani' });
  });
});
