import { z } from 'zod';
import { ERROR_CODES } from './errors.js';
import { IdSchema, RequestIdSchema } from './ids.js';
import { QuantitySchema, TimeSchema } from './units.js';

/** `waiting` → `served` (its units are a booking) | `left` (by the viewer) | `dropped` (the viewer may not have them). */
const WaitlistStatusSchema = z.enum(['waiting', 'served', 'left', 'dropped']);

/** A viewer's wish for units of an item that is sold out, served in the order of its ticket. */
export const WaitlistEntrySchema = z.object({
  entryId: IdSchema.describe('The place in the waiting line.'),
  liveId: IdSchema.describe('The live.'),
  itemId: IdSchema.describe('The item.'),
  viewerId: IdSchema.describe('The viewer.'),
  quantity: z.int().min(1).describe('Units of the item.'),
  ticket: z
    .int()
    .min(1)
    .describe(
      'Place in the order of joining. At most `ticket` − the item’s `head` entries are served before it.',
    ),
  status: WaitlistStatusSchema,
  reason: z.enum(ERROR_CODES).optional().describe('Why it was dropped.'),
  /** The booking that it was served with. */
  bookingId: IdSchema.optional(),
  createdAt: TimeSchema.describe('When it was made.'),
});
export type WaitlistEntry = z.infer<typeof WaitlistEntrySchema>;

export const WaitlistJoinSchema = z.object({
  liveId: IdSchema.describe('The live.'),
  itemId: IdSchema.describe('The item.'),
  quantity: QuantitySchema.describe('Units of the item.'),
  requestId: RequestIdSchema,
});
export type WaitlistJoin = z.infer<typeof WaitlistJoinSchema>;

export const WaitlistLeaveSchema = z.object({ entryId: IdSchema });
