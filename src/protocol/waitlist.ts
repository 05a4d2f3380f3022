import { z } from 'zod';
import { ERROR_CODES } from './errors.js';
import {
  BookingIdSchema,
  EntryIdSchema,
  ItemIdSchema,
  LiveIdSchema,
  RequestIdSchema,
  ViewerIdSchema,
} from './ids.js';
import { HeldQuantitySchema, PlaceSchema, QuantitySchema, TimeSchema } from './units.js';

const WaitlistStatusSchema = z
  .enum(['waiting', 'served', 'left', 'dropped'])
  .describe(
    '`waiting`, then `served` (its units are a booking), `left` (by the viewer) or `dropped` (the viewer may not have them).',
  );

export const WaitlistEntrySchema = z
  .object({
    entryId: EntryIdSchema,
    liveId: LiveIdSchema,
    itemId: ItemIdSchema,
    viewerId: ViewerIdSchema,
    quantity: HeldQuantitySchema,
    ticket: PlaceSchema.describe(
      'Place in the order of joining. At most `ticket` − the item’s `head` entries are served before it.',
    ),
    status: WaitlistStatusSchema,
    reason: z.enum(ERROR_CODES).optional().describe('Why it was dropped.'),
    bookingId: BookingIdSchema.optional().describe('The booking that it was served with.'),
    createdAt: TimeSchema.describe('When it was made.'),
  })
  .describe(
    'A viewer’s wish for units of an item that is sold out, served in the order of its ticket.',
  );
export type WaitlistEntry = z.infer<typeof WaitlistEntrySchema>;

export const WaitlistJoinSchema = z.object({
  liveId: LiveIdSchema,
  itemId: ItemIdSchema,
  quantity: QuantitySchema,
  requestId: RequestIdSchema,
});
export type WaitlistJoin = z.infer<typeof WaitlistJoinSchema>;

export const WaitlistLeaveSchema = z.object({ entryId: EntryIdSchema });
