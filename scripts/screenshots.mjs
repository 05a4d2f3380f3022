/**
 * `npm run screenshots`: takes pictures of every state of every page on data of its own, into `screenshots/`, with a page that shows
 * them all; `-- --only cart` those whose names hold a word. Those that the documents show go into `docs/images/`, too.
 */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureChromium, ensurePackages } from './setup.mjs';
import { runCommand } from './setup-error.mjs';

const USAGE = `npm run screenshots -- [options]
  --scene TEXT   only scenes whose name holds it, such as "cockpit" or "on a phone"
  --only TEXT    of the scenes that are walked, keep only pictures whose name holds it
  --port NUMBER  where the server listens meanwhile (3090)`;

const FOLDER = new globalThis.URL('../screenshots/', import.meta.url).pathname;
const IMAGES = new globalThis.URL('../docs/images/', import.meta.url).pathname;
/** What the documents show, by the names there. */
const SHOWN = {
  viewer: 'viewer-booked',
  console: 'console-cockpit',
};

await runCommand(async () => {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: '' },
      scene: { type: 'string', default: '' },
      port: { type: 'string', default: '3090' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const url = `http://127.0.0.1:${values.port}`;
  ensurePackages();
  ensureChromium();
  const dataDir = mkdtempSync(join(tmpdir(), 'livehold-screenshots-'));
  process.on('exit', () => rmSync(dataDir, { recursive: true, force: true }));
  const environment = { PORT: values.port, DATA_DIR: dataDir, LOG_LEVEL: 'warn', RATE_LIMIT: '0' };
  Object.assign(process.env, environment);
  await import('./start.mjs');
  const { takeAll } = await import('./screenshots/all.mjs');
  await takeAll({ url, folder: FOLDER, only: values.only, scene: values.scene });
  for (const [name, picture] of Object.entries(SHOWN)) {
    const taken = join(FOLDER, `${picture}.webp`);
    if (existsSync(taken)) copyFileSync(taken, join(IMAGES, `${name}.webp`));
  }
  process.kill(process.pid, 'SIGTERM');
});
