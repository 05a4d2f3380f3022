import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../../../test/support/until.js';
import type { Fault } from '../fault.js';

/** What an operator, or another client, does to a Redis that runs. */
export const REDIS_FAULTS: Fault[] = [
  {
    name: 'flushall',
    does: 'FLUSHALL under the running server, which must say so until the loss is accepted',
    mayLose: 'everything',
    async act(scene) {
      scene.loss = { keptUntil: Number.NEGATIVE_INFINITY, everything: true };
      await scene.during(() => scene.store.command('FLUSHALL'));
      await until('the loss is noticed', async () => {
        return (await scene.server.unreadiness())?.includes('gone');
      });
      await scene.acceptLoss();
    },
  },
  {
    name: 'scripts-flushed',
    does: 'SCRIPT FLUSH, 5 to 20 times',
    onTime: true,
    async act(scene, random) {
      await scene.during(async () => {
        for (let left = random.whole(5, 20); left > 0; left--) {
          await scene.store.command('SCRIPT', 'FLUSH');
          await delay(random.whole(20, 200));
        }
      });
    },
  },
  {
    name: 'stream-trimmed',
    does: 'XTRIM of the event stream to nothing, 3 to 10 times, under a server that has not read it all',
    onTime: true,
    except: {
      told: 'what is cut out of the stream cannot be told as it happened; everyone is told anew what is so',
    },
    async act(scene, random) {
      const key = `livehold:{${scene.shopId}}:events`;
      await scene.during(async () => {
        for (let left = random.whole(3, 10); left > 0; left--) {
          await scene.store.command('XTRIM', key, 'MAXLEN', '0');
          await delay(random.whole(10, 200));
        }
      });
    },
  },
  {
    name: 'bell-lost',
    does: 'connections of pub/sub killed, 5 to 15 times: nobody rings',
    onTime: true,
    async act(scene, random) {
      await scene.during(async () => {
        for (let left = random.whole(5, 15); left > 0; left--) {
          await scene.store.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
          await delay(random.whole(50, 300));
        }
      });
    },
  },
  {
    name: 'bell-forbidden',
    does: 'an ACL without channels for up to 2 s: scripts may write and not publish',
    onTime: true,
    async act(scene, random) {
      await scene.during(async () => {
        await scene.store.command('ACL', 'SETUSER', 'default', 'resetchannels');
        await delay(random.whole(500, 2_000));
        await scene.store.command('ACL', 'SETUSER', 'default', 'allchannels');
      });
    },
  },
  {
    name: 'redis-paused',
    does: 'CLIENT PAUSE of writes, or of everything, for up to 3 s',
    async act(scene, random) {
      await scene.during(async () => {
        const ms = random.whole(200, 3_000);
        await scene.store.command('CLIENT', 'PAUSE', String(ms), random.pick(['WRITE', 'ALL']));
        await delay(ms);
      });
    },
  },
  {
    name: 'connections-killed',
    does: 'CLIENT KILL of every connection of the server, 3 to 8 times',
    async act(scene, random) {
      await scene.during(async () => {
        for (let left = random.whole(3, 8); left > 0; left--) {
          await scene.store.command('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
          await scene.store.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
          await delay(random.whole(50, 400));
        }
      });
    },
  },
];
