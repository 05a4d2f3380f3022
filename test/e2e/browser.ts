import { type Browser, chromium } from 'playwright-core';
import { vi } from 'vitest';
import { atEnd } from '../support/at-end.js';

// Whole journeys in a browser, on machines that run other tests beside them. What must be fast is measured by itself.
vi.setConfig({ testTimeout: 90_000 });

/** What Chromium does by itself that no test needs: no sandbox in containers, and nothing that phones home. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A page in the background is a phone in a pocket; tests that want that say so.
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
];

/** The machine's own Chromium (`npm test` finds or installs it and names it in CHROMIUM_PATH); closes with the file. */
export async function launchBrowser(): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    headless: true,
    args: ARGUMENTS,
  });
  atEnd(() => browser.close());
  return browser;
}
