import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { buildBench } from '../../scripts/bench-build.mjs';
import { atEnd } from '../support/at-end.js';

it('builds programs of bench/ that can start the embedded archive', async () => {
  buildBench();
  const built = pathToFileURL(resolve('dist/bench/src/archive/embedded.js')).href;
  const { startEmbeddedPostgres } = await import(/* @vite-ignore */ built);
  const folder = await mkdtemp(join(tmpdir(), 'lh-bench-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  const database = await startEmbeddedPostgres(folder);
  atEnd(() => database.stop());
  expect(database.url).toMatch(/^postgres:/);
});
