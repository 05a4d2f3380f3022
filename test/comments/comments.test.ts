import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from 'vitest';
import { HandledCommentSchema } from '../../src/protocol/comment.js';
import type { ItemView } from '../../src/protocol/item.js';
import type { Live } from '../../src/protocol/live.js';
import { untilAuditOk } from '../support/audit.js';
import { spawnChild } from '../support/child.js';
import { hostSocket, viewerWith } from '../support/client.js';
import { type Host, host } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { signToken } from '../support/tokens.js';

let servers: [TestServer, TestServer];

beforeAll(async () => {
  const { url: redisUrl } = await startRedis();
  servers = [await startServer({ redisUrl }), await startServer({ redisUrl })];
});

interface Stage {
  seller: Host;
  liveId: string;
  items: ItemView[];
  /** Comments, each with an id of its own unless one is given. */
  say(author: string, text: string, more?: object): Promise<Told>;
}

interface Told {
  // biome-ignore lint/suspicious/noExplicitAny: what the server answers
  outcomes: any[];
  claimUrl?: string;
}

/** A live with A1 and B1, two of each, and C1 as S and M. */
async function stage(): Promise<Stage> {
  const seller = host(servers[0]);
  const { items } = await seller
    .call('PUT', '/items', {
      items: [
        { sku: '1', code: 'A1', name: 'Kemeja', price: 10_000, available: 2 },
        { sku: '2', code: 'B1', name: 'Rok', price: 10_000, available: 2 },
        { sku: '3', code: 'C1', name: 'Gamis / S', price: 10_000, available: 2 },
        { sku: '4', code: 'C2', name: 'Gamis / M', price: 10_000, available: 2 },
      ],
    })
    .then(({ body }) => body as { items: ItemView[] });
  const { live } = await seller.post<{ live: Live }>('/lives', {
    title: 'Live',
    itemIds: items.map(({ itemId }) => itemId),
  });
  const { liveId } = live;
  await seller.post(`/lives/${liveId}/start`);
  let n = 0;
  const say: Stage['say'] = (author, text, more) =>
    seller.post('/comments', {
      liveId,
      source: 'tiktok',
      commentId: `c${n++}`,
      authorId: author,
      authorName: `Kak ${author}`,
      text,
      ...more,
    });
  return { seller, liveId, items, say };
}

describe('a comment', () => {
  it('books for who wrote it, who can then sign in and is the same viewer as before', async () => {
    const { seller, liveId, items, say } = await stage();
    const { outcomes, claimUrl } = await say('ani', 'keep A1 2 dan B1 ya kak');
    expect(outcomes).toMatchObject([
      { outcome: 'booked', code: 'A1', available: 0, booking: { quantity: 2, source: 'host' } },
      { outcome: 'booked', code: 'B1', available: 1, booking: { quantity: 1, sequence: 1 } },
    ]);
    expect(outcomes[0].reply).toMatch(/^A1 Kemeja × 2 kami simpan .* WIB \(urutan ke-1\)\.$/);
    const token = new URL(claimUrl ?? '').hash.slice('#token='.length);
    const ani = await viewerWith(servers[1], token);
    expect(await ani.ask('me:get', {})).toMatchObject({ name: 'Kak ani', bookings: { length: 2 } });
    const again = await seller.post<{ viewer: object }>('/bookings', {
      liveId,
      itemId: items[1]?.itemId,
      quantity: 1,
      viewer: { name: 'Ani', handle: 'TikTok:ANI' },
      requestId: 'r',
    });
    expect(again.viewer).toMatchObject({ viewerId: outcomes[0].booking.viewerId });
    await untilAuditOk(seller);
  });

  it('waits where it is sold out, and says why where it is refused', async () => {
    const { seller, say } = await stage();
    await say('ani', 'keep A1 2, B1');
    expect((await say('budi', 'mau A1')).outcomes).toMatchObject([
      { outcome: 'waiting', code: 'A1', entry: { ticket: 1, status: 'waiting' } },
    ]);
    expect((await say('budi', 'mau A1 dong')).outcomes).toMatchObject([
      { outcome: 'refused', error: { code: 'ALREADY_EXISTS', message: expect.any(String) } },
    ]);
    expect((await say('cici', 'B1 2')).outcomes).toMatchObject([
      { outcome: 'refused', error: { code: 'INSUFFICIENT_STOCK' }, reply: 'B1 tinggal 1.' },
    ]);
    expect((await say('cici', 'keep Z9')).outcomes).toMatchObject([
      { outcome: 'refused', code: 'Z9', error: { code: 'NOT_FOUND' } },
    ]);
    await seller.settings({ booking: { waitlist: false }, order: { maxItemQuantity: 1 } });
    expect((await say('dedi', 'keep A1')).outcomes).toMatchObject([
      { outcome: 'refused', error: { code: 'SOLD_OUT' }, reply: 'Maaf, A1 sudah habis.' },
    ]);
    expect((await say('dedi', 'keep C1 2')).outcomes).toMatchObject([
      {
        error: { code: 'MAX_ITEM_QUANTITY', details: { limit: 1 } },
        reply: 'C1 maksimal 1 per orang.',
      },
    ]);
    await untilAuditOk(seller);
  });

  it('that asks, cancels or talks books nothing and makes nobody a viewer', async () => {
    const { seller, say } = await stage();
    expect(await say('ani', 'A1 habis?')).toEqual({
      outcomes: [
        {
          outcome: 'ignored',
          code: 'A1',
          name: 'Kemeja',
          available: 2,
          reply: 'A1 tersisa 2. Tulis "keep A1" untuk booking.',
        },
      ],
    });
    expect(await say('ani', 'halo kak 🔥')).toEqual({
      outcomes: [{ outcome: 'ignored', reply: '' }],
    });
    expect((await seller.get<{ items: [] }>('/viewers')).items).toEqual([]);
  });

  it('means the variant that it names', async () => {
    const { items, say } = await stage();
    const [, , small, medium] = items.map(({ itemId }) => itemId);
    expect((await say('ani', 'keep C1 M')).outcomes[0].booking.itemId).toBe(medium);
    expect((await say('ani', 'keep C1 size s 1')).outcomes[0].booking.itemId).toBe(small);
    expect((await say('ani', 'keep C1 XL')).outcomes).toMatchObject([
      { outcome: 'refused', code: 'C1 xl', error: { code: 'NOT_FOUND' } },
    ]);
  });

  it('is handled once, whoever sends it again and whatever it says then', async () => {
    const { seller, liveId, items, say } = await stage();
    const commentId = { commentId: 'same' };
    const told = await Promise.all(
      Array.from({ length: 10 }, () => say('ani', 'keep A1', commentId)),
    );
    for (const { outcomes } of told) expect(outcomes).toEqual(told[0]?.outcomes);
    expect((await say('budi', 'keep B1', commentId)).outcomes).toEqual(told[0]?.outcomes);
    expect(await seller.item(items[0]?.itemId ?? '')).toMatchObject({ booked: 1 });
    await say('ani', 'keep Q7', { commentId: 'early' });
    await seller.post('/items', { sku: '9', code: 'Q7', name: 'N', price: 1, stock: 5 });
    expect((await say('ani', 'keep Q7', { commentId: 'early' })).outcomes).toMatchObject([
      { outcome: 'refused' },
    ]);
    const other = await say('ani', 'keep A1', { ...commentId, source: 'instagram' });
    expect(other.outcomes[0].booking.viewerId).not.toBe(told[0]?.outcomes[0].booking.viewerId);
    await seller.post(`/lives/${liveId}/end`);
    expect((await say('ani', 'keep B1')).outcomes).toMatchObject([
      { outcome: 'refused', error: { code: 'LIVE_NOT_OPEN' } },
    ]);
  });

  it('is sent to every host as it comes, when it names an item', async () => {
    const { seller, say } = await stage();
    const socket = await hostSocket(servers[1], seller.shop);
    await say('ani', 'halo semua');
    await say('ani', 'A1 ready kak?');
    const { outcomes } = await say('budi', 'A1 2 kak\0', { authorName: 'Kak\nbudi\u202E' });
    const first = (await socket.next('comment:handled')).comment;
    expect(first).toMatchObject({ text: 'A1 ready kak?', outcomes: [{ outcome: 'ignored' }] });
    const second = (await socket.next('comment:handled')).comment;
    expect(HandledCommentSchema.parse(second)).toEqual(second);
    expect(second).toMatchObject({ authorName: 'Kak budi', text: 'A1 2 kak', outcomes });
    expect(second.viewerId).toBe(outcomes[0].booking.viewerId);
  });

  it('must be whole, and is a helper’s as well', async () => {
    const { seller, liveId } = await stage();
    const comment = {
      liveId,
      source: 'tiktok',
      commentId: '1',
      authorId: 'a',
      authorName: '',
      text: 'A1',
    };
    for (const wrong of [
      { source: 'tik tok' },
      { commentId: '' },
      { authorId: ' ' },
      { authorId: 'a\0' },
      { commentId: '\u200B1' },
      { text: 5 },
    ]) {
      expect(await seller.call('POST', '/comments', { ...comment, ...wrong })).toMatchObject({
        body: { error: { code: 'VALIDATION' } },
      });
    }
    expect(await seller.call('POST', '/comments', { ...comment, liveId: 'none' })).toMatchObject({
      body: { error: { code: 'NOT_FOUND' } },
    });
    const helper = signToken({ sub: 'h', shop: seller.shop, role: 'host', staff: 'helper' });
    const { body } = await seller.call('POST', '/comments', comment, helper);
    expect(body.outcomes).toMatchObject([{ outcome: 'booked' }]);
  });
});

it('comes as JSON lines to the example, which answers with what to say', async () => {
  const { seller, liveId } = await stage();
  const TOKEN = signToken({ sub: 'h', shop: seller.shop, role: 'host' });
  const line = (commentId: string, authorName: string, text: string) =>
    JSON.stringify({ source: 'tiktok', commentId, authorId: authorName, authorName, text });
  const child = spawnChild(process.execPath, ['examples/comments.mjs'], {
    env: { ...process.env, URL: servers[0].url, TOKEN, LIVE: liveId },
  });
  child.stdin?.end(`${line('1', 'ani', 'keep A1')}\n${line('2', 'budi', 'halo')}\n`);
  expect(await text(child.stdout as Readable)).toMatch(/^@ani A1 Kemeja × 1 .*#token=\S+\n$/);
});
