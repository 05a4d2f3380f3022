import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { migrate, openDatabase } from '../../src/archive/database.js';
import type { Page } from '../../src/protocol/http.js';
import type { Refund } from '../../src/protocol/refund.js';
import { atEnd } from '../support/at-end.js';
import { type Host, host } from '../support/host.js';
import { findPostgres, PostgresServer } from '../support/postgres.js';
import { startRedis } from '../support/redis-server.js';
import { runMain, type ServerProcess, spawnServer } from '../support/server-process.js';
import { until } from '../support/until.js';
import { untilArchived } from './compare.js';
import { evening } from './evening.js';

const run = promisify(execFile);
const WORDS = ['Viewer ani', '6281234567890', 'Jl. Mawar', 'BCA a.n. Ani', 'mau warna', 'maaf'];

const REWRITE = [
  'alter system set wal_recycle = off',
  'select pg_reload_conf()',
  'vacuum (full, analyze)',
  'checkpoint',
  'select pg_switch_wal()',
  'checkpoint',
];

/** Those of the words that some file of the folder has. One pass for all of them: the server that is looked at rewrites its files meanwhile. */
async function foundIn(folder: string): Promise<string[]> {
  const words = WORDS.flatMap((word) => ['-e', word]);
  const { stdout } = await run('grep', ['-rhoaF', ...words, folder], {
    maxBuffer: 2 ** 26,
  }).catch((nothing) => nothing);
  const found = new Set(stdout.split('\n'));
  return WORDS.filter((word) => found.has(word));
}

/** An evening, and what a host writes of its viewer. */
async function sell(server: ServerProcess): Promise<Host> {
  const seller = host(server);
  await evening(seller, server);
  const { items } = await seller.get<Page<Refund>>('/refunds');
  const note = { note: 'BCA a.n. Ani', requestId: 'd' };
  await seller.post(`/refunds/${items[0]?.refundId}/done`, note);
  return seller;
}

/** A shop of local mode that has sold, with its archive under a folder of its own. */
async function localShop() {
  const folder = await mkdtemp(join(tmpdir(), 'lh-erased-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  const redis = await startRedis();
  const local = { redisUrl: redis.url, LIVEHOLD_LOCAL: 'true', DATA_DIR: folder };
  const server = await spawnServer(local);
  await until('the archive is open', async () => {
    const answer = await fetch(`${server.url}/readyz`);
    const { archive } = (await answer.json()) as { archive: { ok: boolean } };
    return archive.ok;
  });
  const seller = await sell(server);
  await untilArchived(redis, seller.shop);
  return { folder, redis, local, server, seller };
}

it('leaves nothing of an erased person in any file of local mode, by itself', async () => {
  const { folder, redis, local, seller } = await localShop();
  expect(await foundIn(redis.folder)).toEqual(WORDS);
  expect(await foundIn(folder)).toEqual(WORDS);

  expect(await seller.call('DELETE', '/viewers/ani')).toMatchObject({ status: 200 });
  await until('they are gone from all files', async () => {
    const found = [...(await foundIn(redis.folder)), ...(await foundIn(folder))];
    return found.length === 0;
  });
  expect(await seller.audit()).toMatchObject({ ok: true, problems: [] });
  const { code, said } = await runMain('verify', redis.url, local);
  expect({ code, said }).toMatchObject({ code: 0 });
});

it('leaves nothing of them either when the server is killed before the files are written anew', async () => {
  const { folder, redis, local, server, seller } = await localShop();
  // Redis is asked to write its file, and does not do it yet.
  const client = await redis.client();
  await client.aclSetUser('default', '-bgrewriteaof');
  expect(await seller.call('DELETE', '/viewers/ani')).toMatchObject({ status: 200 });
  await untilArchived(redis, seller.shop);
  await server.kill('SIGKILL');
  expect(await foundIn(redis.folder)).toEqual(WORDS);
  expect(await foundIn(folder)).toEqual(WORDS);

  await client.aclSetUser('default', '+bgrewriteaof');
  await spawnServer(local);
  await until('they are gone from the files of Redis', async () => {
    return (await foundIn(redis.folder)).length === 0;
  });
  await until('they are gone from the archive', async () => (await foundIn(folder)).length === 0);
});

const programs = findPostgres();

it.skipIf(!programs)(
  'leaves nothing of an erased person in any file of Redis and PostgreSQL',
  async () => {
    const database = PostgresServer.start(programs ?? '');
    const [{ url, folder }, redis] = await Promise.all([database, startRedis()]);
    const db = openDatabase(url, () => {});
    atEnd(() => db.destroy());
    await migrate(db);
    const server = await spawnServer({ redisUrl: redis.url, DATABASE_URL: url });
    const seller = await sell(server);
    await untilArchived(redis, seller.shop);
    await sql`checkpoint`.execute(db);
    expect(await foundIn(redis.folder)).toEqual(WORDS);
    expect(await foundIn(folder)).toEqual(WORDS);

    expect(await seller.call('DELETE', '/viewers/ani')).toMatchObject({ status: 200 });
    await untilArchived(redis, seller.shop);
    const client = await redis.client();
    await client.bgRewriteAof();
    await until('the file is written anew', async () => {
      const info = await client.info('persistence');
      return /aof_rewrite_in_progress:0/.test(info) && /aof_rewrite_scheduled:0/.test(info);
    });
    // As docs/privacy.md says it.
    for (const statement of REWRITE) await sql.raw(statement).execute(db);
    expect(await foundIn(redis.folder)).toEqual([]);
    expect(await foundIn(folder)).toEqual([]);
    const log = JSON.stringify(server.log);
    for (const word of WORDS) expect(log).not.toContain(word);
    expect(await seller.audit()).toMatchObject({ ok: true, problems: [] });
    const { code, said } = await runMain('verify', redis.url, { DATABASE_URL: url });
    expect({ code, said }).toMatchObject({ code: 0 });
  },
);
