import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { steps } from './commands.js';
import { ShopUnderTest } from './shop-model.js';

const RUNS = 25;
/** Set SEED to the number that a failing run has printed to see it again. */
const SEED = Number(process.env.SEED ?? Date.now() % 2 ** 31);

let servers: TestServer[];

beforeAll(async () => {
  const { url: redisUrl } = await startRedis();
  servers = [await startServer({ redisUrl }), await startServer({ redisUrl })];
});

describe('random commands over two servers', () => {
  it('keep every unit, every request and every reputation accounted for', async () => {
    console.info(`seed ${SEED}`);
    let done = 0;
    const property = fc.asyncProperty(steps, async (sequence) => {
      const shop = new ShopUnderTest(servers[0] as TestServer);
      await shop.open(servers);
      for (const step of sequence) {
        await shop.do(step);
        await shop.check();
        done++;
      }
      await shop.finish();
    });
    const settings = { seed: SEED, numRuns: RUNS, endOnFailure: true };
    await fc.assert(property, { ...settings, interruptAfterTimeLimit: 45_000 });
    console.info(`${done} steps`);
    expect(done).toBeGreaterThan(0);
  }, 90_000);
});
