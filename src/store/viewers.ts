import { z } from 'zod';
import { StoredCommentSchema } from '../protocol/comment.js';
import type { Page, PageQuery, ViewersQuery } from '../protocol/http.js';
import {
  type LedgerEntry,
  LedgerEntrySchema,
  type Viewer,
  ViewerSchema,
  ViewerStatusSchema,
} from '../protocol/viewer.js';
import { shopKey } from './keys.js';
import { jsonRows, page, pageList } from './paging.js';
import type { Store } from './store.js';

const ViewerRecord = z.object({
  name: z.string(),
  reputation: z.coerce.number(),
  status: ViewerStatusSchema,
});

export async function readViewer(
  store: Store,
  shopId: string,
  viewerId: string,
): Promise<Viewer | undefined> {
  const key = `${shopKey(shopId)}:viewer:${viewerId}`;
  const [name, reputation, status] = await store.read((redis) =>
    redis.hmGet(key, ['name', 'reputation', 'status']),
  );
  const record = ViewerRecord.safeParse({ name, reputation, status });
  return reputation && record.success
    ? ViewerSchema.parse({ viewerId, ...record.data })
    : undefined;
}

/** Viewers by reputation, highest first. */
export function pageViewers(
  store: Store,
  shopId: string,
  query: ViewersQuery,
): Promise<Page<Viewer>> {
  const index = {
    key: `${shopKey(shopId)}:viewers`,
    min: query.minReputation,
    max: query.maxReputation,
  };
  const wanted = query.q?.toLowerCase() ?? '';
  const matches = ({ name, viewerId }: Viewer) =>
    name.toLowerCase().includes(wanted) || viewerId.toLowerCase().includes(wanted);
  return page(store, index, query, async (ids) => {
    const found = await Promise.all(ids.map((id) => readViewer(store, shopId, id)));
    return found.map((viewer) => (viewer && matches(viewer) ? viewer : undefined));
  });
}

/**
 * Ids of all of the shop's viewers, in parts of about `count`. Each who is there all the time comes once, whatever their
 * reputation does meanwhile: a walk by rank would miss those who change places with others who have been seen.
 */
export async function* viewerIds(
  store: Store,
  shopId: string,
  count: number,
): AsyncGenerator<string[]> {
  const key = `${shopKey(shopId)}:viewers`;
  const seen = new Set<string>();
  let cursor = '0';
  do {
    const part = await store.read((redis) => redis.zScan(key, cursor, { COUNT: count }));
    // Redis may name one again while it makes its table larger or smaller.
    const ids = part.members.map(({ value }) => value).filter((id) => !seen.has(id));
    for (const id of ids) seen.add(id);
    for (let i = 0; i < ids.length; i += count) yield ids.slice(i, i + count);
    cursor = String(part.cursor);
  } while (cursor !== '0');
}

/** The reputation ledger, newest first. */
export function pageLedger(
  store: Store,
  shopId: string,
  viewerId: string,
  query: PageQuery,
): Promise<Page<LedgerEntry>> {
  const key = `${shopKey(shopId)}:ledger:${viewerId}`;
  const entryOf = (text: string) => LedgerEntrySchema.parse(JSON.parse(text));
  return pageList(store, key, query, jsonRows(LedgerEntrySchema), async (from, limit) => {
    const rows = (await store.past?.ledger(shopId, viewerId, from, limit)) ?? [];
    return rows.map(({ place, text }) => ({ place, row: entryOf(text) }));
  });
}

/** All that the shop calls a viewer elsewhere by: `tiktok:ani`. */
export async function handlesOf(store: Store, shopId: string, viewerId: string): Promise<string[]> {
  const found = new Set<string>();
  let cursor = '0';
  do {
    const part = await store.read((redis) =>
      redis.hScan(`${shopKey(shopId)}:handles`, cursor, { COUNT: 1_000 }),
    );
    for (const { field, value } of part.entries) if (value === viewerId) found.add(field);
    cursor = String(part.cursor);
  } while (cursor !== '0');
  return [...found];
}

/**
 * What is kept of somebody who is no viewer of the shop: of a guest who never booked for a day, or of one who was erased and has
 * come by again. Undefined when nothing is.
 * @returns the name that their link to another device has
 */
export async function readTraces(
  store: Store,
  shopId: string,
  viewerId: string,
): Promise<{ name: string } | undefined> {
  const base = shopKey(shopId);
  const [said, [remembered], link] = await store.read((redis) =>
    Promise.all([
      redis.get(`${base}:recipient:${viewerId}`),
      redis.hmGet(`${base}:viewer:${viewerId}`, ['recipient']),
      redis.get(`${base}:link:${viewerId}`),
    ]),
  );
  if (said === null && remembered === null && link === null) return undefined;
  return { name: link === null ? '' : z.object({ name: z.string() }).parse(JSON.parse(link)).name };
}

const OriginRecord = z.object({
  createdAt: z.coerce.number().optional(),
  guest: z.literal('1').optional(),
});

/** When the viewer was first known, epoch ms, and whether as a guest, who alone may have no record. */
export async function readOrigin(
  store: Store,
  shopId: string,
  viewerId: string,
): Promise<{ createdAt?: number; guest: boolean }> {
  const fields = await store.read((redis) =>
    redis.hGetAll(`${shopKey(shopId)}:viewer:${viewerId}`),
  );
  const { createdAt, guest } = OriginRecord.parse(fields);
  const isGuest = guest === '1' || Object.keys(fields).length === 0;
  return { ...(createdAt !== undefined && { createdAt }), guest: isGuest };
}

/** What was written under a handle in the last two days, newest first. */
export async function commentsOf(
  store: Store,
  shopId: string,
  handle: string,
): Promise<z.infer<typeof StoredCommentSchema>[]> {
  const base = shopKey(shopId);
  const digests = await store.read((redis) => redis.lRange(`${base}:commented:${handle}`, 0, -1));
  const records = await Promise.all(
    digests.map((digest) => store.read((redis) => redis.get(`${base}:comment:${digest}`))),
  );
  return records.flatMap((record) =>
    record === null ? [] : [StoredCommentSchema.parse(JSON.parse(record))],
  );
}

/** A part of a ledger, counted from its oldest entry, in the order in which it was written. */
export async function ledgerPart(
  store: Store,
  shopId: string,
  viewerId: string,
  start: number,
  count: number,
): Promise<LedgerEntry[]> {
  const key = `${shopKey(shopId)}:ledger:${viewerId}`;
  const [gone, rows] = await store.read(async (redis) => {
    for (let gone = Number((await redis.get(`${key}:gone`)) ?? 0); ; ) {
      const first = Math.max(start - gone, 0);
      const last = start + count - gone;
      const [rows, after] = await Promise.all([
        last > 0 ? redis.lRange(key, -last, -(first + 1)) : [],
        redis.get(`${key}:gone`),
      ]);
      // What left in between has moved the places.
      if (Number(after ?? 0) === gone) return [gone, rows] as const;
      gone = Number(after ?? 0);
    }
  });
  const older = Math.min(start + count, gone) - start;
  const past = older > 0 ? await store.past?.ledger(shopId, viewerId, start + older, older) : [];
  // Where the archive lacks some it answers older ones.
  const within = (past ?? []).filter(({ place }) => place > start).map(({ text }) => text);
  return [...rows, ...within].reverse().map((row) => JSON.parse(row) as LedgerEntry);
}
