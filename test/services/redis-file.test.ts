import { expect, it } from 'vitest';
import { readConfig } from '../../src/config.js';
import { createLog } from '../../src/log.js';
import { RedisFile } from '../../src/services/redis-file.js';
import { FILE_MARKS_KEY } from '../../src/store/keys.js';
import { openStores } from '../../src/stores.js';
import { atEnd } from '../support/at-end.js';
import { startRedis } from '../support/redis-server.js';
import { serverEnvironment } from '../support/server-environment.js';
import { until } from '../support/until.js';

it('has the file written once more for who is erased while it is written', async () => {
  const redis = await startRedis();
  const { store, close } = await openStores(readConfig(serverEnvironment(redis.url, {})));
  atEnd(close);
  const file = new RedisFile(store, createLog('silent'));
  atEnd(() => file.stop());
  const client = await redis.client();
  const rewrites = async () => {
    const info = await client.info('persistence');
    return Number(/aof_rewrites:(\d+)/.exec(info)?.[1] ?? 0);
  };
  const before = await rewrites();
  await file.mark();
  file.start();
  await until('the file is being written', async () => (await rewrites()) > before);
  await file.mark();
  file.start();
  await until('nothing is left to be done', async () => (await client.zCard(FILE_MARKS_KEY)) === 0);
  expect((await rewrites()) - before).toBe(2);
});
