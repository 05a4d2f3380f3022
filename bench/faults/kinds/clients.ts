import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from '../../client/connection.js';
import type { Fault } from '../fault.js';
import { Bystanders } from '../rig/bystanders.js';
import type { Scene } from '../scene.js';

const STORM = 150;

/** Clients that behave badly beside those who book. */
export const CLIENT_FAULTS: Fault[] = [
  {
    name: 'reconnect-storm',
    does: 'everyone’s connection breaks at once, three to five times, and 150 more come with them',
    onTime: true,
    async act(scene, random) {
      await scene.during(async () => {
        for (let left = random.whole(3, 5); left > 0; left--) {
          scene.crowd?.dropAll();
          await storm(scene);
          await delay(random.whole(0, 300));
        }
      });
    },
  },
  {
    name: 'clients-frozen',
    does: 'SIGSTOP of 60 watchers for up to 4 s',
    onTime: true,
    async act(scene, random) {
      const bystanders = await Bystanders.join(placeOf(scene));
      await scene.during(async () => {
        bystanders.freeze();
        await delay(random.whole(1_000, 4_000));
        bystanders.thaw();
      });
      await bystanders.leave();
    },
  },
  {
    name: 'clients-slow',
    does: '60 watchers that read a tenth of the time',
    onTime: true,
    async act(scene, random) {
      const bystanders = await Bystanders.join(placeOf(scene));
      await scene.during(async () => {
        for (let left = random.whole(4, 8); left > 0; left--) {
          bystanders.freeze();
          await delay(450);
          bystanders.thaw();
          await delay(50);
        }
      });
      await bystanders.leave();
    },
  },
];

function placeOf({ server: { url }, shopId, liveId }: Scene) {
  return { url, shopId, liveId };
}

async function storm(scene: Scene): Promise<void> {
  const { url, shopId, liveId } = placeOf(scene);
  const visit = async () => {
    const connection = await Connection.open({ url });
    await connection.request('live:join', { shopId, liveId });
    connection.destroy();
  };
  await Promise.allSettled(Array.from({ length: STORM }, visit));
}
