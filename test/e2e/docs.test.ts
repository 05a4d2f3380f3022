import type { Browser, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import asyncApi from '../../docs/api/asyncapi.json' with { type: 'json' };
import openApi from '../../docs/api/openapi.json' with { type: 'json' };
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { until } from '../support/until.js';
import { seriousProblems } from './axe.js';
import { launchBrowser } from './browser.js';
import { complaintsOf, DESKTOP, PHONE } from './viewer-page.js';

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  const redis = await startRedis();
  server = await startServer({ redisUrl: redis.url });
  browser = await launchBrowser();
});

/** One of each kind. */
const PARTS = ['header', 'h1', 'nav', '#getOrders', '#live_bookingCreate', '#shape-Order'];

async function openDocs(
  viewport: typeof PHONE,
  fragment = '',
): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage({ viewport });
  const complaints = complaintsOf(page);
  await page.goto(`${server.url}/docs${fragment}`);
  await page.getByRole('heading', { name: 'Shapes' }).waitFor();
  return { page, complaints };
}

describe('the API reference at /docs', () => {
  it('shows every call, command, event and shape of the documents', async () => {
    const { page } = await openDocs(DESKTOP);
    const shown = await page.locator('article').evaluateAll((all) => all.map(({ id }) => id));
    const calls = Object.values(openApi.paths).flatMap((operations) =>
      Object.values(operations).map(({ operationId }) => operationId),
    );
    const shapes = { ...openApi.components.schemas, ...asyncApi.components.schemas };
    expect(shown.sort()).toEqual(
      [
        ...calls,
        ...Object.keys(asyncApi.operations),
        ...Object.keys(shapes).map((name) => `shape-${name}`),
      ].sort(),
    );
    const order = page.locator('#getOrdersById');
    expect(await order.textContent()).toContain('/api/v1/orders/{id}');
    expect(await order.getByRole('link', { name: 'HostOrder' }).getAttribute('href')).toBe(
      '#shape-HostOrder',
    );
  });

  it.each([PHONE, DESKTOP])(
    'is whole and accessible at $width pixels, with no complaint',
    async (size) => {
      const { page, complaints } = await openDocs(size);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(
        size.width,
      );
      // axe reads the whole page, whatever it is to look at: with hundreds of fields that takes its time.
      await page.locator('article').evaluateAll((all, parts) => {
        for (const one of all) if (!parts.includes(`#${one.id}`)) one.remove();
      }, PARTS);
      expect(await seriousProblems(page, PARTS)).toEqual([]);
      expect(complaints).toEqual([]);
    },
  );

  it('goes to what the address names', async () => {
    const { page } = await openDocs(PHONE, '#shape-Order');
    await until('the shape is at the top', async () => {
      const box = await page.locator('#shape-Order').boundingBox();
      return box !== null && Math.abs(box.y) < 5;
    });
  });

  it('gives the documents to tools', async () => {
    for (const [name, document] of Object.entries({ openapi: openApi, asyncapi: asyncApi })) {
      const response = await fetch(`${server.url}/docs/${name}.json`);
      expect(response.headers.get('content-type')).toContain('application/json');
      expect(await response.json()).toEqual(document);
    }
  });
});
