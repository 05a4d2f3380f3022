import type { Browser, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { atEnd } from '../support/at-end.js';
import { viewer } from '../support/client.js';
import { type Host, host, newShop } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { signToken } from '../support/tokens.js';
import { until } from '../support/until.js';
import { launchBrowser } from './browser.js';
import { card, complaintsOf, PHONE, type Shelf, sees, sheet, shelf } from './viewer-page.js';

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  const redis = await startRedis();
  server = await startServer({ redisUrl: redis.url });
  browser = await launchBrowser();
});

const MEAN = '</script><script>document.title = "$&"</script>';

interface Scene extends Shelf {
  shop: string;
  api: Host;
  page: Page;
  path: string;
  complaints: string[];
  /** Lets the page have its connection, which it is kept from until then. */
  connect(): void;
}

async function scene(): Promise<Scene> {
  const shop = newShop();
  const api = host(server, shop);
  const shown = await shelf(api, { Kemeja: { stock: 2 }, [MEAN]: { stock: 3 } });
  const context = await browser.newContext({ viewport: PHONE, locale: 'id-ID' });
  atEnd(() => context.close());
  const page = await context.newPage();
  let connect = () => {};
  const mayConnect = new Promise<void>((resolve) => {
    connect = resolve;
  });
  await page.route('**/assets/connect-*.js', async (route) => {
    await mayConnect;
    await route.continue();
  });
  const path = `${server.url}/live/${shop}/${shown.live.liveId}`;
  return { ...shown, shop, api, page, path, complaints: complaintsOf(page), connect };
}

const heading = (page: Page) => page.getByRole('heading', { level: 1 });
const keep = (page: Page, name: string) =>
  card(page, name).getByRole('button', { name: `Keep ${name}` });

describe('before its connection is there, the page', () => {
  it('has its rows, as data and never as script, and asks who is new to sign in', async () => {
    const { page, path, live, complaints, connect } = await scene();
    const answer = await page.goto(path);
    expect(answer?.headers()['cache-control']).toBe('no-store');
    await sees(heading(page), live.title);
    await sees(card(page, MEAN), 'Tersedia 3');
    expect(await page.title()).not.toBe('$&');
    await keep(page, 'Kemeja').click();
    await sheet(page).getByRole('textbox').fill('Sari');
    await page.keyboard.press('Enter');
    connect();
    await sees(card(page, 'Kemeja'), 'Bayar');
    // The connection of before is given up for that of who is signed in now; the browser remarks on it where it was not open yet.
    const given = complaints.filter((one) => !one.includes('closed before the connection'));
    expect(given).toEqual([]);
  });

  it('lets a tap of who is signed in wait for the connection, unless it means something else by then', async () => {
    const { page, path, shop, live, items, api, connect } = await scene();
    const sari = await viewer(server, shop, 'sari');
    await sari.ask('booking:create', {
      liveId: live.liveId,
      itemId: items[1]?.itemId ?? '',
      quantity: 1,
      requestId: 'before',
    });
    const token = signToken({ sub: 'sari', shop, role: 'viewer', name: 'Sari' });
    await page.goto(`${path}#token=${token}`);
    await keep(page, 'Kemeja').click();
    await keep(page, MEAN).click();
    await sees(card(page, 'Kemeja'), 'Memastikan');
    connect();
    await sees(card(page, 'Kemeja'), 'Bayar');
    await sees(card(page, MEAN), 'Bayar');
    const { items: now } = await api.get<{ items: { available: number }[] }>('/items');
    expect(now.map(({ available }) => available).sort()).toEqual([1, 2]);
  });

  it('offers nothing that is gone, also on the way back to it', async () => {
    const { page, path, shop, live, items } = await scene();
    await page.goto(path);
    await keep(page, 'Kemeja').waitFor();
    await page.goto('about:blank');
    const budi = await viewer(server, shop, 'budi');
    const itemId = items[0]?.itemId ?? '';
    await budi.ask('booking:create', {
      liveId: live.liveId,
      itemId,
      quantity: 2,
      requestId: 'all',
    });
    // The page that is written out is half a second old at most.
    await until('the page says so', async () =>
      /"available":0/.test(await (await fetch(path)).text()),
    );
    await page.goBack();
    await card(page, 'Kemeja').getByRole('button', { name: 'Antre' }).waitFor();
    expect(await keep(page, 'Kemeja').count()).toBe(0);
  });
});
