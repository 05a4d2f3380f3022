import { describe, expect, it } from 'vitest';
import { clientSize } from '../../scripts/client-size.mjs';

/** Bytes that a phone loads, gzipped. */
describe('what a page loads of livehold/client', () => {
  it('is at most 12 kB for all of it', async () => {
    expect(await clientSize()).toBeLessThan(12_000);
  });

  it('is only what the page uses', async () => {
    expect(await clientSize(['Api', 'everyRow'])).toBeLessThan(2_500);
    expect(await clientSize(['connectViewer'])).toBeLessThan(await clientSize());
  });
});
