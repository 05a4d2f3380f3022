import { type Browser, chromium } from 'playwright-core';
import { atEnd } from '../support/at-end.js';

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

let running: Promise<Browser> | undefined;

/**
 * The machine's own Chromium (`npm test` finds or installs it and names it in CHROMIUM_PATH): one for all files of this
 * process, and it ends with it. The pages close with the file.
 */
export async function launchBrowser(): Promise<Browser> {
  running ??= chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    headless: true,
    args: ARGUMENTS,
  });
  const browser = await running;
  atEnd(() => Promise.all(browser.contexts().map((context) => context.close())));
  return browser;
}
