import type { Browser, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { Api } from '../../src/client/api.js';
import { viewerWith } from '../support/client.js';
import { host } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { signToken } from '../support/tokens.js';
import { launchBrowser } from './browser.js';
import { complaintsOf, shelf } from './viewer-page.js';

const PUBLIC_URL = 'https://toko.example';
/** A picture of one pixel. */
const WEBP = Buffer.from('UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA', 'base64');
let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  const { url: redisUrl } = await startRedis();
  server = await startServer({ redisUrl, PUBLIC_URL });
  browser = await launchBrowser();
});

/** Notes of each news of stock what it says, and what the page shows two frames after it came. */
const STOCK_AND_FRAMES = `window.shownAtSecondFrame = [];
  window.WebSocket = class extends WebSocket {
    constructor(...all) {
      super(...all);
      this.addEventListener('message', ({ data }) => {
        const stock = typeof data === 'string' && /"stock:changed".*"available":(\\d+)/.exec(data);
        if (stock) requestAnimationFrame(() => requestAnimationFrame(() => {
          shownAtSecondFrame.push([Number(stock[1]), document.querySelector('.overlay').textContent]);
        }));
      });
    }
  };`;

async function openPage(path: string): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  const complaints = complaintsOf(page);
  await page.addInitScript(STOCK_AND_FRAMES);
  await page.goto(server.url + path);
  return { page, complaints };
}

/** A live with one item on show. */
async function onShow(stock: number) {
  const seller = host(server);
  const { live, items } = await shelf(seller, { 'Kemeja <b>&': { stock }, Rok: { stock } });
  const [first, second] = items.map(({ itemId }) => itemId);
  await seller.patch(`/lives/${live.liveId}`, { pinnedItemId: first });
  const { liveId } = live;
  const book = async (name: string, itemId = first, quantity = 1) => {
    const claims = { sub: name.replace(/\W/g, ''), shop: seller.shop, role: 'viewer', name };
    const viewer = await viewerWith(server, signToken(claims));
    const wish = { liveId, itemId: itemId ?? '', quantity, requestId: 'r' };
    return { viewer, booked: await viewer.ask('booking:create', wish) };
  };
  return { seller, liveId, second, book, path: `/overlay/${seller.shop}/${liveId}` };
}

describe('the overlay', () => {
  it('shows the item on show, its price, what is left and who got it, two frames after the news came', async () => {
    const { seller, liveId, second, book, path } = await onShow(5);
    const { page, complaints } = await openPage(path);
    const overlay = page.locator('.overlay');
    await page.getByText('Kemeja <b>&').waitFor();
    expect(await overlay.textContent()).toMatch(/A1 Kemeja <b>&Rp\s85\.0005 tersisa/);
    await page.locator('.qr[role=img]').waitFor();
    // Drawn on nothing, for what streams it lays it over a picture.
    expect(await page.evaluate('getComputedStyle(document.documentElement).backgroundColor')).toBe(
      'rgba(0, 0, 0, 0)',
    );
    async function shows(command: () => Promise<unknown>, ...texts: string[]) {
      await command();
      await Promise.all(texts.map((text) => page.getByText(text).waitFor()));
    }
    await shows(() => book('Ani Wijaya'), '4 tersisa', 'Dapat: Ani');
    await shows(() => book('Budi Santoso', undefined, 2), '2 tersisa', 'Dapat: Budi ×2, Ani');
    await shows(() => book('081234567890'), '1 tersisa');
    const { viewer, booked } = await book('Cici');
    // Stock and winners are news of their own: either may come first.
    await page.getByText('Dapat: Cici, Pembeli, Budi ×2').waitFor();
    await overlay.getByText('Habis').waitFor();
    const { bookingId } = booked.booking;
    const given = 'Dapat: Pembeli, Budi ×2, Ani';
    await shows(() => viewer.ask('booking:cancel', { bookingId }), '1 tersisa', given);
    await shows(() => seller.patch(`/lives/${liveId}`, { pinnedItemId: second }), 'A2 Rok');
    expect(await page.getByText('Dapat').count()).toBe(0);
    await shows(() => seller.post(`/lives/${liveId}/end`), 'Live selesai');
    // Counted in the page's own frames, which a busy machine makes longer: the news of stock came, and in the second was shown.
    const shown = (await page.evaluate('shownAtSecondFrame')) as [number, string][];
    const ofFirst = shown.filter(([, text]) => text.includes('Kemeja'));
    expect(ofFirst.length).toBeGreaterThanOrEqual(4);
    for (const [n, [, text]] of ofFirst.entries()) {
      // What came meanwhile may stand there already.
      const now = ofFirst.slice(n).map(([left]) => (left ? `${left} tersisa` : 'Habis'));
      expect(now.filter((words) => text.includes(words))).not.toEqual([]);
    }
    expect(complaints).toEqual([]);
  });

  it('is themed, in English and without the code by its address', async () => {
    const { path } = await onShow(1);
    const { page } = await openPage(`${path}?theme=light&lang=en&qr=0`);
    await page.getByText('1 left').waitFor();
    expect(await page.locator('.qr').count()).toBe(0);
    expect(await page.locator('html').getAttribute('data-theme')).toBe('light');
  });

  it('shows no more of anybody than a first name', async () => {
    const { seller, liveId, book } = await onShow(3);
    await book('Dewi Lestari Sari');
    const path = `/shops/${seller.shop}/lives/${liveId}/winners`;
    const { body } = await seller.call('GET', path, undefined, '');
    expect(body).toEqual({
      itemId: expect.any(String),
      winners: [{ name: 'Dewi', sequence: 1, quantity: 1 }],
    });
    expect((await seller.call('GET', `/shops/${seller.shop}/lives/none/winners`)).status).toBe(404);
  });
});

describe('pages for people', () => {
  it('show a link to a live with its title and picture, whatever is written in them', async () => {
    const { seller, liveId } = await onShow(1);
    await seller.patch(`/lives/${liveId}`, { title: '"$& <i>Malam</i>' });
    const { items } = await seller.get<{ items: { itemId: string }[] }>('/items');
    const token = signToken({ sub: 'h', shop: seller.shop, role: 'host' });
    const api = new Api({ url: server.url, token });
    const { url: imageUrl } = await api.call('POST /photos', { body: new Blob([WEBP]) });
    await seller.patch(`/items/${items[0]?.itemId}`, { imageUrl });
    const html = await (await fetch(`${server.url}/live/${seller.shop}/${liveId}`)).text();
    expect(html).toContain('<meta property="og:title" content="&#34;$&#38; &#60;i&#62;Malam');
    expect(html).toContain(`og:image" content="${PUBLIC_URL}${imageUrl}"`);
    expect(html).toContain(`og:url" content="${PUBLIC_URL}/live/${seller.shop}/${liveId}"`);
    const { page, complaints } = await openPage(`/live/${seller.shop}/${liveId}`);
    expect(await page.evaluate("document.querySelector('title').text")).toContain('<i>Malam</i>');
    expect(complaints).toEqual([]);
    expect(await (await fetch(`${server.url}/live/none/none`)).text()).not.toContain('og:title');
  });

  it('say to a person that there is nothing at an address, and to a program in JSON', async () => {
    const { page } = await openPage('/nothing/here');
    await page.getByRole('heading', { name: 'Halaman tidak ditemukan' }).waitFor();
    for (const path of ['/nothing', '/api/v1/nothing']) {
      const accept = path.startsWith('/api') ? 'text/html' : '*/*';
      const response = await fetch(server.url + path, { headers: { accept } });
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ error: { code: 'NOT_FOUND' } });
    }
  });

  it('can be put on a home screen, and say so when there is no network', async () => {
    const { page } = await openPage('/');
    const manifest = await page.locator('link[rel=manifest]').getAttribute('href');
    const app = await (await fetch(server.url + manifest)).json();
    expect(app).toMatchObject({ name: 'Livehold', display: 'standalone' });
    await page.evaluate('navigator.serviceWorker.ready');
    await page.context().setOffline(true);
    await page.goto(`${server.url}/live/a/b`);
    await page.getByRole('heading', { name: 'Tidak ada koneksi' }).waitFor();
  });
});
