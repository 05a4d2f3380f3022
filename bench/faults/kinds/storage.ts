import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from '../fault.js';
import type { Random } from '../random.js';
import type { StoreProcess } from '../rig/store.js';
import type { Scene } from '../scene.js';

export const TAIL_LOST = 'what was written after the damaged place';
/** Each chunk of what fills a disk. */
const BALLAST = Buffer.alloc(256 * 1024);

/** The disk that Redis writes to, and what is on it. */
export const STORAGE_FAULTS: Fault[] = [
  {
    name: 'file-torn',
    does: 'Redis killed, its append-only file cut in the middle of the last writes, and started on it',
    mayLose: TAIL_LOST,
    act: torn,
  },
  {
    name: 'file-corrupt',
    does: 'Redis killed, bytes of its append-only file overwritten; it refuses to start until redis-check-aof --fix',
    mayLose: TAIL_LOST,
    async act(scene, random) {
      const file = await killed(scene, random);
      await corrupt(file, random);
      const started = scene.store.redis.start().then(
        () => true,
        () => false,
      );
      if (await started) throw new Error('Redis took a corrupt file as it was');
      await repair(scene.store);
      await scene.store.redis.start();
    },
  },
  {
    name: 'disk-full',
    does: 'no space left for the append-only file (everysec: Redis refuses to write) for up to 3 s',
    needs: { diskMb: 24, fsync: 'everysec' },
    async act(scene, random) {
      await scene.during(() => full(scene.store.folder, random));
    },
  },
  {
    name: 'disk-full-always',
    does: 'no space left for the append-only file (always: Redis ends itself), and started again when there is',
    needs: { diskMb: 24 },
    async act(scene, random) {
      await scene.during(() => full(scene.store.folder, random));
      await scene.store.redis.kill();
      await scene.store.redis.start();
    },
  },
  {
    name: 'memory-full',
    does: 'maxmemory reached (noeviction) for up to 3 s',
    async act(scene, random) {
      await scene.during(async () => {
        await scene.store.command('CONFIG', 'SET', 'maxmemory', '1mb');
        await delay(random.whole(500, 3_000));
        await scene.store.command('CONFIG', 'SET', 'maxmemory', '0');
      });
    },
  },
];

/** Cuts off the last writes of a Redis that was killed, and starts it on what is left. */
export async function torn(scene: Scene, random: Random): Promise<void> {
  const file = await killed(scene, random);
  await truncate(file.path, random.whole(file.kept + 1, file.size - 1));
  await scene.store.redis.start();
}

/** Kills Redis a moment after a place in its file is known before which everything must survive. */
async function killed(scene: Scene, random: Random) {
  const keptUntil = performance.now();
  const { size: kept } = await scene.store.appendOnlyFile();
  await delay(random.whole(100, 800));
  await scene.during(async () => {
    await scene.store.redis.kill();
    await delay(random.whole(0, 500));
  });
  scene.loss = { keptUntil };
  return { ...(await scene.store.appendOnlyFile()), kept };
}

/** The file has no checksums: what Redis can notice is where a command should begin and does not. */
async function corrupt(
  { path, size, kept }: { path: string; size: number; kept: number },
  random: Random,
): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const tail = Buffer.alloc(size - kept);
    await file.read(tail, 0, tail.length, kept);
    const starts = [...commandStarts(tail)];
    const at = random.pick(starts);
    const bytes = Buffer.from(
      Array.from({ length: random.whole(1, 64) }, () => random.whole(0, 255)),
    );
    bytes[0] = 0;
    await file.write(
      bytes.subarray(0, tail.length - at),
      0,
      Math.min(bytes.length, tail.length - at),
      kept + at,
    );
  } finally {
    await file.close();
  }
}

function* commandStarts(tail: Buffer): Iterable<number> {
  for (let at = tail.indexOf('\r\n*'); at >= 0; at = tail.indexOf('\r\n*', at + 1)) yield at + 2;
}

/** As whoever is woken up would do it. */
async function repair({ folder }: StoreProcess): Promise<void> {
  const manifest = join(folder, 'appendonlydir', 'appendonly.aof.manifest');
  const child = spawn('redis-check-aof', ['--fix', manifest], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.stdin?.end('y\n');
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`redis-check-aof --fix ended with ${code}`);
}

/** Fills the disk of a folder for a while. */
export async function full(folder: string, random: Random): Promise<void> {
  const ballast = join(folder, 'ballast');
  const until = performance.now() + random.whole(800, 3_000);
  do {
    await fill(ballast);
    await delay(50);
  } while (performance.now() < until);
  await rm(ballast);
}

async function fill(path: string): Promise<void> {
  for (;;) {
    const error = await writeFile(path, BALLAST, { flag: 'a' }).then(
      () => undefined,
      (cause: NodeJS.ErrnoException) => cause,
    );
    if (error?.code === 'ENOSPC') return;
    if (error) throw error;
  }
}
