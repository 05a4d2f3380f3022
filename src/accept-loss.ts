import { type Config, ConfigError } from './config.js';
import { createLog } from './log.js';
import { createMetrics } from './metrics.js';
import { acceptStore } from './store/health/index.js';
import { Store } from './store/store.js';
import { TimeLimit } from './time-limit.js';

/** How long Redis may take, ms. */
const ACCEPT_MS = 10_000;

/**
 * Says for every server that the data which is in Redis now is what they go on with, though they have seen more.
 * @throws ConfigError, or an error that says why Redis could not be reached
 */
export async function acceptLoss(config: Config): Promise<void> {
  if (config.redisUrl === undefined)
    throw new ConfigError('REDIS_URL: is needed here; with a Redis of its own, restart the server');
  const store = new Store(createLog('silent'), createMetrics().ofStore);
  const noAnswer = () =>
    new Error(`Redis was not reached: ${store.trouble ?? 'it does not answer'}`);
  try {
    await new TimeLimit(ACCEPT_MS, noAnswer).within(store.open(config.redisUrl));
    await acceptStore(store);
  } finally {
    await store.close();
  }
}
