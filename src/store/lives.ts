import { z } from 'zod';
import type { Page, PageQuery } from '../protocol/http.js';
import { type Live, LiveSchema, LiveStatusSchema } from '../protocol/live.js';
import { shopKey } from './keys.js';
import { page } from './paging.js';
import { scripts } from './scripts/index.js';
import type { Store } from './store.js';

const LiveRecord = z.object({
  title: z.string(),
  status: LiveStatusSchema,
  pinnedItemId: z.string().transform((id) => id || null),
  itemIds: z.string().transform((text) => JSON.parse(text) as unknown),
  videoUrl: z
    .string()
    .transform((url) => url || undefined)
    .optional(),
  startedAt: z.coerce.number().optional(),
  endedAt: z.coerce.number().optional(),
});

export async function readLive(
  store: Store,
  shopId: string,
  liveId: string,
): Promise<Live | undefined> {
  const fields = await store.read((redis) => redis.hGetAll(`${shopKey(shopId)}:live:${liveId}`));
  const record = LiveRecord.safeParse(fields);
  return record.success ? LiveSchema.parse({ liveId, ...record.data }) : undefined;
}

export function pageLives(store: Store, shopId: string, query: PageQuery): Promise<Page<Live>> {
  return page(store, { key: `${shopKey(shopId)}:lives` }, query, (ids) =>
    Promise.all(ids.map((id) => readLive(store, shopId, id))),
  );
}

/** The lives that are on, newest first, at most 20. */
export async function livesOn(store: Store, shopId: string): Promise<Live[]> {
  const ids = await store.read((redis) =>
    redis.zRange(`${shopKey(shopId)}:lives:on`, 0, 19, { REV: true }),
  );
  const lives = await Promise.all(ids.map((id) => readLive(store, shopId, id)));
  return lives.filter((live) => live !== undefined);
}

/** Ids of all lives, newest first. */
export function allLiveIds(store: Store, shopId: string): Promise<string[]> {
  return store.read((redis) => redis.zRange(`${shopKey(shopId)}:lives`, 0, -1, { REV: true }));
}

/**
 * Reports how many sockets of this server are in a live; answers the sum over all servers that reported lately.
 * @param viewers undefined to report nothing
 */
export async function reportAudience(
  store: Store,
  shopId: string,
  liveId: string,
  serverId: string,
  viewers?: number,
): Promise<number> {
  const args = [liveId, serverId, String(viewers ?? '')];
  return (await store.run(scripts.audienceReport, shopId, args)).viewers;
}
