import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from '../fault.js';
import type { Random } from '../random.js';

const HOUR_MS = 3_600_000;

/** The clock of the server's machine against that of Redis' machine. */
function wrongClock(name: string, does: string, steps: (random: Random) => number[]): Fault {
  return {
    name,
    does,
    needs: { clocks: true },
    onTime: true,
    async act(scene, random) {
      await scene.during(async () => {
        for (const offsetMs of steps(random)) {
          scene.setClocks(offsetMs);
          await delay(random.whole(300, 900));
        }
        await delay(1_200);
      });
    },
  };
}

export const CLOCK_FAULTS: Fault[] = [
  wrongClock(
    'clock-behind',
    'the server’s clock steps back, by up to an hour, and stays there',
    (random) => [-random.whole(2_000, HOUR_MS)],
  ),
  wrongClock(
    'clock-ahead',
    'the server’s clock steps forward, by up to an hour, and stays there',
    (random) => [random.whole(2_000, HOUR_MS)],
  ),
  wrongClock('clock-jumping', 'the server’s clock steps to and fro, five times', (random) =>
    Array.from({ length: 5 }, () => random.whole(-HOUR_MS, HOUR_MS)),
  ),
];
