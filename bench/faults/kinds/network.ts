import { setTimeout as delay } from 'node:timers/promises';
import type { RedisProxy } from '../../../test/support/redis-proxy.js';
import type { Fault } from '../fault.js';
import type { Random } from '../random.js';

/** The network between the server and Redis. */
function spoilt(
  name: string,
  does: string,
  spoil: (proxy: RedisProxy, random: Random) => Promise<void>,
): Fault {
  return {
    name,
    does,
    needs: { proxy: true },
    async act(scene, random) {
      const { proxy } = scene;
      if (!proxy) throw new Error('there is no network to spoil');
      await scene.during(async () => {
        await spoil(proxy, random);
        proxy.mend();
      });
    },
  };
}

export const NETWORK_FAULTS: Fault[] = [
  spoilt(
    'network-cut',
    'connections to Redis cut and refused for up to 4 s',
    async (proxy, random) => {
      proxy.cut();
      await delay(random.whole(100, 4_000));
    },
  ),
  spoilt(
    'network-flapping',
    'connections to Redis cut four to ten times a second',
    async (proxy, random) => {
      for (let left = random.whole(6, 20); left > 0; left--) {
        proxy.breakAll();
        await delay(random.whole(100, 250));
      }
    },
  ),
  spoilt('network-slow', 'every answer of Redis up to 0.9 s late', async (proxy, random) => {
    for (let left = random.whole(3, 6); left > 0; left--) {
      proxy.delay(random.whole(50, 900));
      await delay(500);
    }
  }),
  spoilt(
    'network-blackholed',
    'nothing passes to or from Redis for up to 6 s',
    async (proxy, random) => {
      proxy.blackhole();
      await delay(random.whole(200, 6_000));
    },
  ),
  spoilt(
    'replies-lost',
    'Redis executes everything and no answer comes back',
    async (proxy, random) => {
      for (let left = random.whole(1, 3); left > 0; left--) {
        proxy.loseReplies();
        await delay(random.whole(50, 1_500));
        proxy.mend();
        await delay(random.whole(0, 200));
      }
    },
  ),
];
