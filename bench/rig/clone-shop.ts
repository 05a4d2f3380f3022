import type { PrivateRedis } from './redis.js';

type Redis = PrivateRedis['client'];

/**
 * Copies a shop as `shopId-1`, `shopId-2` … in Redis itself: ten thousand of them by way of the API would take minutes.
 * Knows nothing of the keys but that those of a shop carry its id as hash tag and that indexes of shops are sorted sets.
 */
export async function cloneShop(
  redis: Redis,
  shopId: string,
  from: number,
  to: number,
): Promise<void> {
  const keys = await redis.keys(`*{${shopId}}*`);
  const indexes = await indexesOf(redis, shopId);
  for (let n = from; n < to; n++) {
    const copyId = `${shopId}-${n}`;
    await Promise.all([
      ...keys.map((key) => redis.copy(key, key.replace(`{${shopId}}`, `{${copyId}}`))),
      ...indexes.map(({ key, score }) => redis.zAdd(key, { score, value: copyId })),
    ]);
  }
}

/** The sorted sets outside every shop that name the shop. */
async function indexesOf(redis: Redis, shopId: string): Promise<{ key: string; score: number }[]> {
  const found: { key: string; score: number }[] = [];
  for (const key of await redis.keys('*')) {
    if (key.includes('{') || (await redis.type(key)) !== 'zset') continue;
    const score = await redis.zScore(key, shopId);
    if (score !== null) found.push({ key, score });
  }
  return found;
}
