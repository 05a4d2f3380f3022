import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from '../fault.js';

const FROZEN = { answers: 'a process that stands still answers nobody' };

/** Servers and Redis that are killed, stand still, or are restarted. */
export const PROCESS_FAULTS: Fault[] = [
  {
    name: 'server-killed',
    does: 'kill -9 of the only server over deadlines, and another in its place',
    async act(scene, random) {
      await scene.during(async () => {
        await scene.server.end();
        await delay(random.whole(100, 2_000));
      });
      await scene.server.start();
    },
  },
  {
    name: 'server-killed-again',
    does: 'kill -9 of the server as soon as it is back, two to three times',
    async act(scene, random) {
      for (let round = random.whole(2, 3); round > 0; round--) {
        await scene.during(async () => {
          await scene.server.end();
          await delay(random.whole(0, 300));
        });
        await scene.server.start();
        await delay(round > 1 ? random.whole(0, 300) : 0);
      }
    },
  },
  {
    name: 'server-frozen',
    does: 'SIGSTOP of the only server for up to 5 s',
    except: FROZEN,
    async act(scene, random) {
      await scene.during(async () => {
        scene.server.freeze();
        await delay(random.whole(300, 5_000));
        scene.server.thaw();
      });
    },
  },
  {
    name: 'servers-rolled',
    does: 'SIGTERM of each of two servers in turn, as a new version is rolled out',
    needs: { servers: 2 },
    onTime: true,
    async act(scene) {
      await scene.during(async () => {
        for (const server of scene.servers) {
          await server.end('SIGTERM');
          await server.start();
        }
      });
    },
  },
  {
    name: 'one-of-two-killed',
    does: 'kill -9 of the server whose viewers hold the deadlines; another is left',
    needs: { servers: 2 },
    onTime: true,
    async act(scene, random) {
      await scene.during(async () => {
        await scene.server.end();
        await delay(random.whole(1_500, 2_500));
      });
      await scene.server.start();
    },
  },
  {
    name: 'one-of-two-frozen',
    does: 'SIGSTOP of one of two servers for up to 4 s',
    needs: { servers: 2 },
    onTime: true,
    except: FROZEN,
    async act(scene, random) {
      await scene.during(async () => {
        scene.server.freeze();
        await delay(random.whole(1_500, 4_000));
        scene.server.thaw();
      });
    },
  },
  {
    name: 'redis-killed',
    does: 'kill -9 of Redis (appendfsync always), and again on its data',
    async act(scene, random) {
      await scene.during(async () => {
        await scene.store.redis.kill();
        await delay(random.whole(0, 2_000));
      });
      await scene.store.redis.start();
    },
  },
  {
    name: 'redis-killed-everysec',
    does: 'the same with appendfsync everysec: the machine lives, so the file is whole',
    needs: { fsync: 'everysec' },
    async act(scene, random) {
      await scene.during(async () => {
        await scene.store.redis.kill();
        await delay(random.whole(0, 1_000));
      });
      await scene.store.redis.start();
    },
  },
  {
    name: 'redis-frozen',
    does: 'SIGSTOP of Redis for up to 6 s',
    async act(scene, random) {
      await scene.during(async () => {
        scene.store.redis.freeze();
        await delay(random.whole(300, 6_000));
        scene.store.redis.thaw();
      });
    },
  },
  {
    name: 'both-killed',
    does: 'kill -9 of Redis and of both servers, and all of them again',
    needs: { servers: 2 },
    async act(scene, random) {
      const { store, servers } = scene;
      await scene.during(async () => {
        await Promise.all([store.redis.kill(), ...servers.map((server) => server.end())]);
        await delay(random.whole(0, 2_000));
      });
      await Promise.all([store.redis.start(), ...servers.map((server) => server.start())]);
    },
  },
  {
    name: 'both-frozen',
    does: 'SIGSTOP of Redis and of the server for up to 4 s',
    except: FROZEN,
    async act(scene, random) {
      const { store, server } = scene;
      await scene.during(async () => {
        server.freeze();
        store.redis.freeze();
        await delay(random.whole(300, 4_000));
        for (const one of random.shuffled([server, store.redis])) one.thaw();
      });
    },
  },
];
