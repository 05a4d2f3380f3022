/** Pages that belong to neither face: for the stream, for whoever has no live yet, and for who is lost. */
import { Shop } from './shop.mjs';

/** @type {Record<string, (camera: import('./camera.mjs').Camera) => Promise<void>>} */
export const OTHER_SCENES = {
  async overlay(camera) {
    const shop = await Shop.open(camera.url);
    await shop.pin('B1');
    await shop.book('Rina Wijaya', 'B1');
    await shop.book('Budi Santoso', 'B1', 2);
    const address = `/overlay/${shop.shopId}/${shop.liveId}`;
    for (const theme of ['dark', 'light']) {
      const page = await camera.page(`${address}?theme=${theme}`, { size: 'desktop' });
      await page.getByText('Dapat').first().waitFor();
      // As a picture behind it has any colour.
      await page.evaluate(
        'document.documentElement.style.background = "linear-gradient(120deg, #7d8f69, #d9b38c 50%, #6b4e71)"',
      );
      await camera.take(page, `overlay-${theme}`);
      await page.context().close();
    }
    shop.close();
  },

  async 'first pages'(camera) {
    for (const size of /** @type {const} */ (['phone', 'desktop'])) {
      for (const [name, address] of [
        ['home', '/'],
        ['docs', '/docs'],
        ['unknown', '/nothing/here'],
        ['offline-page', '/offline.html'],
      ]) {
        const page = await camera.page(address ?? '/', { size });
        await page.waitForLoadState('networkidle');
        await camera.take(page, `${name}-${size}`);
        await page.context().close();
      }
    }
  },
};
