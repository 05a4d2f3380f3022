import { z } from 'zod';
import { IdSchema } from './ids.js';
import { HttpsUrlSchema } from './settings.js';
import { TimeSchema } from './units.js';

export const LiveStatusSchema = z.enum(['scheduled', 'live', 'ended']);

/** One selling session. An item can be booked only in a live that features it and is on. */
export const LiveSchema = z.object({
  liveId: IdSchema,
  title: z.string(),
  status: LiveStatusSchema,
  pinnedItemId: IdSchema.nullable(),
  /** The featured items, in the order shown. */
  itemIds: z.array(IdSchema),
  /** A page to embed. */
  videoUrl: z.string().optional(),
  startedAt: TimeSchema.optional(),
  endedAt: TimeSchema.optional(),
});
export type Live = z.infer<typeof LiveSchema>;

const Title = z.string().trim().min(1).max(200);
const ItemIds = z
  .array(IdSchema)
  .max(500)
  .refine((ids) => new Set(ids).size === ids.length, 'must not name an item twice');

export const LiveCreateSchema = z.strictObject({
  title: Title,
  itemIds: ItemIds,
  videoUrl: HttpsUrlSchema.optional(),
});
export type LiveCreate = z.infer<typeof LiveCreateSchema>;

export const LivePatchSchema = z.strictObject({
  title: Title.optional(),
  itemIds: ItemIds.optional(),
  /** Must be one of the featured items; null unpins. */
  pinnedItemId: IdSchema.nullable().optional(),
  /** null takes the video away. */
  videoUrl: HttpsUrlSchema.nullable().optional(),
});
export type LivePatch = z.infer<typeof LivePatchSchema>;
