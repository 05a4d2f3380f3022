import { z } from 'zod';
import { ItemIdSchema, LiveIdSchema } from './ids.js';
import { HttpsUrlSchema } from './settings.js';
import { lineSchema } from './text.js';
import { TimeSchema } from './units.js';

export const LiveStatusSchema = z
  .enum(['scheduled', 'live', 'ended'])
  .describe('`scheduled`, then `live`, then `ended`.');

export const LiveSchema = z
  .object({
    liveId: LiveIdSchema,
    title: z.string().describe('As viewers see it.'),
    status: LiveStatusSchema,
    pinnedItemId: ItemIdSchema.nullable().describe('The item on show; null for none.'),
    itemIds: z.array(ItemIdSchema).describe('The featured items, in the order shown.'),
    videoUrl: z.string().optional().describe('A page to embed.'),
    startedAt: TimeSchema.optional().describe('When it began, once it has.'),
    endedAt: TimeSchema.optional().describe('When it ended, once it has.'),
  })
  .describe(
    'One selling session. An item can be booked only in a live that features it and is on.',
  );
export type Live = z.infer<typeof LiveSchema>;

const Title = lineSchema(200).describe('As viewers see it.');
const ItemIds = z
  .array(ItemIdSchema)
  .max(500)
  .refine((ids) => new Set(ids).size === ids.length, 'must not name an item twice')
  .describe('The featured items, in the order shown; none twice.');
const VideoUrl = HttpsUrlSchema.describe('An https page to embed.');

export const LiveCreateSchema = z.strictObject({
  title: Title,
  itemIds: ItemIds,
  videoUrl: VideoUrl.optional(),
});
export type LiveCreate = z.infer<typeof LiveCreateSchema>;

export const LivePatchSchema = z.strictObject({
  title: Title.optional(),
  itemIds: ItemIds.optional(),
  pinnedItemId: ItemIdSchema.nullable()
    .optional()
    .describe('The item on show, one of the featured; null unpins.'),
  videoUrl: VideoUrl.nullable().optional().describe('An https page to embed; null takes it away.'),
});
export type LivePatch = z.infer<typeof LivePatchSchema>;
