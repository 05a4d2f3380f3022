import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../src/archive/embedded.js';
import { atEnd } from '../support/at-end.js';
import { findPostgres, PostgresServer } from '../support/postgres.js';

const programs = findPostgres();
if (!programs)
  console.log('PostgreSQL is not installed: its part of the archive tests is left out');

async function embeddedUrl(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lh-archive-'));
  const embedded = await startEmbeddedPostgres(folder);
  atEnd(async () => {
    await embedded.stop();
    await rm(folder, { recursive: true, force: true });
  });
  return embedded.url;
}

/** Every kind of database that an archive may be in, with what starts one and answers its address. */
export const databases: [string, () => Promise<string>][] = [['PGlite', embeddedUrl]];
if (programs)
  databases.push(['PostgreSQL', async () => (await PostgresServer.start(programs)).url]);

/** The quickest of them. */
export function anyDatabase(): Promise<string> {
  const [, start] = databases.at(-1) ?? ['', embeddedUrl];
  return start();
}
