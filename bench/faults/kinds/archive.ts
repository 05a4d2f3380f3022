import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from '../fault.js';
import type { Random } from '../random.js';
import type { Scene } from '../scene.js';
import { full, TAIL_LOST, torn } from './storage.js';

/** So often each server asks how the archive is; then it says so, ms. */
const SAID_WITHIN_MS = 9_000;
/** Records leave Redis so soon after their end that they do while things go wrong, days: 2.6 s. */
const LEAVE_AT_ONCE = 0.00003;

/** What the archive follows, what it is in, and who writes it: killed, away, slow, full. */
export const ARCHIVE_FAULTS: Fault[] = [
  {
    name: 'archive-server-killed',
    does: 'kill -9 of one of two servers, whichever of them archives and delivers, two to three times',
    needs: { archive: true, servers: 2 },
    act: (scene, random) =>
      scene.during(() => rounds(random, 2, 3, () => kill(scene, random, ['server']))),
  },
  {
    name: 'archive-redis-killed',
    does: 'kill -9 of Redis between the commit and its copy, two to three times',
    needs: { archive: true },
    act: (scene, random) =>
      scene.during(() => rounds(random, 2, 3, () => kill(scene, random, ['redis']))),
  },
  {
    name: 'archive-database-killed',
    does: 'kill -9 of PostgreSQL, three to five times',
    needs: { archive: true },
    onTime: true,
    act: (scene, random) =>
      scene.during(() => rounds(random, 3, 5, () => kill(scene, random, ['database']))),
  },
  {
    name: 'archive-some-killed',
    does: 'kill -9 of two of both servers, Redis and PostgreSQL at a time, three times',
    needs: { archive: true, servers: 2 },
    act: (scene, random) =>
      scene.during(() =>
        rounds(random, 3, 3, () => kill(scene, random, random.shuffled(KILLED).slice(0, 2))),
      ),
  },
  {
    name: 'archive-all-killed',
    does: 'kill -9 of the server, Redis and PostgreSQL at once, two times',
    needs: { archive: true },
    act: (scene, random) =>
      scene.during(() => rounds(random, 2, 2, () => kill(scene, random, KILLED))),
  },
  {
    name: 'archive-retention-killed',
    does: 'the same while records leave Redis seconds after their end, one at a time, four times',
    needs: { archive: true, servers: 2, retentionDays: LEAVE_AT_ONCE },
    act: (scene, random) =>
      scene.during(async () => {
        await delay(2_000);
        await rounds(random, 4, 4, () => kill(scene, random, [random.pick(KILLED)]));
      }),
  },
  {
    name: 'archive-database-away',
    does: 'PostgreSQL is away for 7 to 12 s: /readyz and the metric say so, bookings go on',
    needs: { archive: true },
    onTime: true,
    act: (scene, random) =>
      scene.during(async () => {
        await scene.database?.server.kill();
        await saysSo(scene);
        await delay(random.whole(0, 3_000));
        await scene.database?.server.up();
      }),
  },
  {
    name: 'archive-database-frozen',
    does: 'SIGSTOP of PostgreSQL for up to 8 s',
    needs: { archive: true },
    onTime: true,
    act: (scene, random) =>
      scene.during(async () => {
        scene.database?.server.freeze();
        await delay(random.whole(2_000, 8_000));
        scene.database?.server.thaw();
      }),
  },
  {
    name: 'archive-database-slow',
    does: 'every transaction of the archive takes up to 3 s for up to 9 s',
    needs: { archive: true },
    onTime: true,
    act: (scene, random) =>
      scene.during(async () => {
        await scene.database?.slowDown(random.whole(3, 30) / 10);
        await delay(random.whole(4_000, 9_000));
        await scene.database?.slowDown(0);
      }),
  },
  {
    name: 'archive-disk-full',
    does: 'no space left on the disk of PostgreSQL for up to 3 s, and started again when there is',
    needs: { archive: true, databaseDiskMb: 96 },
    onTime: true,
    act: (scene, random) =>
      scene.during(async () => {
        const { server } = scene.database ?? {};
        if (!server) return;
        await full(server.folder, random);
        // When its log could not be written it has ended itself; whoever watches over it starts it.
        await server.kill();
        await server.up();
      }),
  },
  {
    name: 'archive-file-torn',
    does: 'Redis killed and its append-only file torn, so that the archive has what Redis has lost',
    needs: { archive: true },
    mayLose: TAIL_LOST,
    act: torn,
  },
];

const KILLED = ['server', 'redis', 'database'] as const;
type Killed = (typeof KILLED)[number];

async function rounds(
  random: Random,
  least: number,
  most: number,
  round: () => Promise<void>,
): Promise<void> {
  for (let left = random.whole(least, most); left > 0; left--) {
    await round();
    await delay(random.whole(0, 1_200));
  }
}

/** All of these at the same moment; each is back when it is its turn, in any order. */
async function kill(scene: Scene, random: Random, which: readonly Killed[]): Promise<void> {
  const server = random.pick(scene.servers);
  const { redis } = scene.store;
  const database = scene.database?.server;
  const ways = {
    server: { end: () => server.end(), start: () => server.start() },
    redis: { end: () => redis.kill(), start: () => redis.start() },
    database: { end: () => database?.kill(), start: () => database?.up() },
  };
  await Promise.all(which.map((name) => ways[name].end()));
  // A server starts when there is a Redis.
  const order = random
    .shuffled(which)
    .sort((a, b) => Number(a === 'server') - Number(b === 'server'));
  for (const name of order) {
    await delay(random.whole(0, 600));
    await ways[name].start();
  }
}

/** While the database is away a server says so to whoever watches it, and books. */
async function saysSo(scene: Scene): Promise<void> {
  const end = performance.now() + SAID_WITHIN_MS;
  for (;;) {
    const { ok = true, behindSeconds = 0 } = (await scene.server.readiness()).archive ?? {};
    const metric = await scene.server.metric('livehold_archive_behind_seconds');
    if (!ok && behindSeconds > 0 && metric > 0) break;
    if (performance.now() > end) {
      const detail = `the archive is away, and the server says: ok ${ok}, ${behindSeconds} s behind, metric ${metric}`;
      scene.findings.push({ guarantee: 'archived', detail });
      return;
    }
    await delay(200);
  }
  await scene.crowd?.watch.nextBooking();
}
