import { crc32, deflateSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { Api } from '../../src/client/api.js';
import { type Host, host } from '../support/host.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { signToken } from '../support/tokens.js';

const PUBLIC_URL = 'https://toko.example';
let redis: RedisServer;
let server: TestServer;
let other: TestServer;

beforeAll(async () => {
  redis = await startRedis();
  server = await startServer({ redisUrl: redis.url, PUBLIC_URL });
  other = await startServer({ redisUrl: redis.url });
});

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A grey picture; `note` makes it another file, and as long as wanted. */
function png(width = 8, height = 8, note: string | Buffer = ''): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  const rows = deflateSync(Buffer.alloc(height * (width + 1), 0));
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('tEXt', Buffer.concat([Buffer.from('note\0'), Buffer.from(note)])),
    chunk('IDAT', rows),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Heads of files, as far as they say what the file is. */
const JPEG = Buffer.from(
  'ffd8ffe000104a46494600010100000100010000ffc0000b080008000801011100ffd9',
  'hex',
);
const WEBP = Buffer.from('UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA', 'base64');

async function keep(seller: Host, content: Buffer, type = 'image/png', staff?: 'helper') {
  const token = signToken({ sub: 'h', shop: seller.shop, role: 'host', staff });
  const response = await fetch(`${server.url}/api/v1/photos`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': type },
    body: new Uint8Array(content),
  });
  // biome-ignore lint/suspicious/noExplicitAny: an answer or a refusal
  return { status: response.status, body: (await response.json()) as any };
}

describe('photos', () => {
  it.each([
    ['image/png', png()],
    ['image/jpeg', JPEG],
    ['image/webp', WEBP],
  ])('of %s are kept, and served by every server for good', async (type, content) => {
    const seller = host(server);
    const { status, body } = await keep(seller, content, type);
    expect(status).toBe(201);
    for (const { url } of [server, other]) {
      const photo = await fetch(url + body.url);
      expect(Buffer.from(await photo.arrayBuffer()).equals(content)).toBe(true);
      expect(Object.fromEntries(photo.headers)).toMatchObject({
        'content-type': type,
        'cache-control': 'public, max-age=31536000, immutable',
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; sandbox",
      });
    }
  });

  it('are what their content says, the same file at the same address, also by a helper and by the client', async () => {
    const seller = host(server);
    const first = await keep(seller, png(), 'application/octet-stream', 'helper');
    expect(first.body.url).toMatch(/\.png$/);
    const token = signToken({ sub: 'h', shop: seller.shop, role: 'host' });
    const api = new Api({ url: server.url, token });
    const again = await api.call('POST /photos', { body: new Blob([new Uint8Array(png())]) });
    expect(again).toEqual(first.body);
  });

  it('are an item’s picture by path or by the public address, and nothing of another kind is', async () => {
    const seller = host(server);
    const { itemId } = await seller.createItem(1);
    const { url } = (await keep(seller, png())).body;
    for (const imageUrl of [url, PUBLIC_URL + url]) {
      await seller.patch(`/items/${itemId}`, { imageUrl });
      expect((await seller.item(itemId)).imageUrl).toBe(url);
    }
  });

  it.each([
    ['text', Buffer.from('<script>alert(1)</script>'), 400],
    ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>'), 400],
    ['GIF', Buffer.from('R0lGODlhAQABAAAAACw=', 'base64'), 400],
    ['nothing', Buffer.alloc(0), 400],
    ['a picture of 4,097 px', png(4_097, 1), 400],
    [
      '300 KB and a byte',
      Buffer.concat([png(), Buffer.alloc(300 * 1_024 + 1 - png().length)]),
      413,
    ],
  ])('are not %s', async (_, content, status) => {
    const answer = await keep(host(server), content);
    expect(answer).toMatchObject({ status, body: { error: { code: 'VALIDATION' } } });
  });

  it('are not kept for viewers, and unknown ones are not found', async () => {
    const token = signToken({ sub: 'v', shop: 's', role: 'viewer' });
    expect(await host(server).call('POST', '/photos', '{}', token)).toMatchObject({ status: 403 });
    expect(await host(server).call('POST', '/photos', '{}')).toMatchObject({ status: 400 });
    for (const path of ['/photos/s/none.png', '/photos/s/%2e%2e%2fx', '/photos/%7Bs%7D/x.png']) {
      expect((await fetch(server.url + path)).status).toBe(404);
    }
  });

  it('have room for 64 MB a shop, which only those make that no item has had for an hour', async () => {
    const seller = host(server);
    const large = (n: number) => png(8, 8, Buffer.alloc(299 * 1_024, `${n} `));
    const urls: string[] = [];
    for (let n = 0; n < 224; n++) {
      const { status, body } = await keep(seller, large(n));
      if (status !== 201) break;
      urls.push(body.url);
    }
    expect(urls.length * large(0).length).toBeGreaterThan(63.5 * 1_024 * 1_024);
    const refused = await keep(seller, large(999));
    expect(refused.body.error).toMatchObject({
      code: 'VALIDATION',
      details: { limit: 67_108_864 },
    });

    const { itemId } = await seller.createItem(1);
    await seller.patch(`/items/${itemId}`, { imageUrl: urls[0] });
    const unused = `livehold:{${seller.shop}}:photos:unused`;
    const long = urls.slice(0, 2).map((url) => ({ score: 1, value: url.split('/').at(-1) ?? '' }));
    await (await redis.client()).zAdd(unused, long, { condition: 'XX' });
    expect((await keep(seller, large(999))).status).toBe(201);
    expect((await fetch(other.url + urls[0])).status).toBe(200);
    expect((await fetch(other.url + urls[1])).status).toBe(404);
    // One that an item no longer has begins its hour anew.
    await seller.patch(`/items/${itemId}`, { imageUrl: null });
    expect((await keep(seller, large(1_000))).body.error.code).toBe('VALIDATION');
  });
});
