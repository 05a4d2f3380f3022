import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.js';
import { verify } from '../src/verify.js';
import { untilArchived } from './archive/compare.js';
import { atEnd } from './support/at-end.js';
import { untilAuditOk } from './support/audit.js';
import { viewer } from './support/client.js';
import { host } from './support/host.js';
import { buyer } from './support/orders.js';
import { findPostgres, PostgresServer } from './support/postgres.js';
import { type RedisServer, startRedis } from './support/redis-server.js';
import { startServer } from './support/server.js';
import { serverEnvironment } from './support/server-environment.js';

/** The data folder of a new, empty Redis that is stopped, and a place for backups. */
let redis: RedisServer;
let backups: string;

beforeEach(async () => {
  backups = await mkdtemp(join(tmpdir(), 'lh-backup-'));
  atEnd(() => rm(backups, { recursive: true, force: true }));
  redis = await startRedis();
});

async function restore(backup: string) {
  const run = promisify(execFile)('deploy/restore.sh', [backup, redis.folder]);
  return run.then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    ({ code, stderr }: { code: number; stderr: string }) => ({ code, said: stderr }),
  );
}

/** A shop with a booking, kept in a Redis that is gone after; backed up both ways. */
async function lostShop() {
  const other = await startRedis('always');
  const server = await startServer({ redisUrl: other.url });
  const seller = host(server);
  const { liveId, itemId } = await seller.stage(5);
  const ani = await viewer(server, seller.shop, 'ani');
  await ani.ask('booking:create', { liveId, itemId, quantity: 2, requestId: 'r1' });
  await (await other.client()).sendCommand(['SAVE']);
  await server.close();
  await other.kill();
  await cp(join(other.folder, 'dump.rdb'), join(backups, 'dump.rdb'));
  await cp(join(other.folder, 'appendonlydir'), join(backups, 'aof'), { recursive: true });
  return { shop: seller.shop, itemId };
}

describe('restoring a backup', () => {
  it.each(['dump.rdb', 'aof'])(
    '%s comes up under appendonly yes with all that it held',
    async (name) => {
      const { shop, itemId } = await lostShop();
      await redis.kill();
      const { code, said } = await restore(join(backups, name));
      expect({ code, said }).toMatchObject({
        code: 0,
        said: /^restored \d+ keys/.exec(said)?.input,
      });

      await redis.start();
      const server = await startServer({ redisUrl: redis.url });
      const seller = host(server, shop);
      expect(await seller.item(itemId)).toMatchObject({ available: 3, booked: 2 });
      await untilAuditOk(seller);
      expect(await readdir(redis.folder)).toContainEqual(expect.stringMatching(/^before-restore-/));
    },
  );

  it('refuses what would start empty, and changes nothing', async () => {
    const client = await redis.client();
    await client.sendCommand(['SAVE']);
    await cp(join(redis.folder, 'dump.rdb'), join(backups, 'empty.rdb'));
    await writeFile(join(backups, 'torn.rdb'), 'REDIS0010 and no more');
    await client.set('kept', 'yes');
    expect((await restore(join(backups, 'empty.rdb'))).said).toMatch(/a Redis runs in .*: stop it/);
    await redis.kill();
    const before = await readdir(redis.folder);

    for (const [name, reason] of [
      ['empty.rdb', /holds nothing of Livehold/],
      ['torn.rdb', /Redis cannot read/],
      ['missing.rdb', /there is no/],
    ] as const) {
      const { code, said } = await restore(join(backups, name));
      expect(code).toBe(1);
      expect(said).toMatch(/^restore: .*\n$/);
      expect(said).toMatch(reason);
    }
    expect(await readdir(redis.folder)).toEqual(before);
    await redis.start();
    expect(await (await redis.client()).get('kept')).toBe('yes');
  });
});

const programs = findPostgres();

describe.runIf(programs)('an archive that is restored from a dump', () => {
  it('catches up with what has happened since, and agrees with Redis', async () => {
    const start = () => PostgresServer.start(programs ?? '');
    const [first, second] = await Promise.all([start(), start()]);
    const run = (program: string, ...args: string[]) =>
      promisify(execFile)(join(programs ?? '', program), args);
    const server = await startServer({ redisUrl: redis.url, DATABASE_URL: first.url });
    const seller = host(server);
    const stage = await seller.stage(10);
    const ani = await buyer(server, seller.shop, stage);
    await seller.post(`/orders/${(await ani.buy()).orderId}/confirm-payment`);
    await untilArchived(redis, seller.shop);
    const dump = join(backups, 'archive.dump');
    await run('pg_dump', '--format=custom', `--file=${dump}`, `--dbname=${first.url}`);
    const later = await ani.buy({ quantity: 2 });
    await seller.post(`/orders/${later.orderId}/confirm-payment`);
    await server.close();
    await first.kill();

    await run('pg_restore', '--exit-on-error', `--dbname=${second.url}`, dump);
    await startServer({ redisUrl: redis.url, DATABASE_URL: second.url });
    const lines: string[] = [];
    const config = readConfig(serverEnvironment(redis.url, { DATABASE_URL: second.url }));
    expect(await verify(config, [seller.shop], (line) => lines.push(line))).toBe(0);
    expect(lines).toEqual([`${seller.shop}: 1 items, 1 reputations, 2 orders: no difference`]);
  });
});
