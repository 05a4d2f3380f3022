import { z } from 'zod';
import { BookingSchema } from './booking.js';
import { HandledCommentSchema } from './comment.js';
import { HostOrderSchema } from './http.js';
import { RecipientSchema } from './recipient.js';
import { RefundRecordSchema } from './refund.js';
import { TimeSchema } from './units.js';
import { LedgerEntrySchema, ViewerSchema } from './viewer.js';
import { WaitlistEntrySchema } from './waitlist.js';

/** All that is kept of a person; `docs/privacy.md` says where and for how long. */
export const PersonExportSchema = z
  .object({
    viewer: ViewerSchema.extend({
      createdAt: TimeSchema.optional().describe('When the shop first knew them.'),
      guest: z.boolean().describe('Whether they signed in as a guest of this server.'),
    }).describe('The viewer’s record.'),
    handles: z.array(z.string()).describe('How they are called elsewhere: `tiktok:ani`.'),
    recipient: RecipientSchema.nullable().describe('The one remembered for their next order.'),
    bookings: z.array(BookingSchema).describe('All of them, newest first.'),
    waitlist: z.array(WaitlistEntrySchema).describe('Places in line, oldest first.'),
    orders: z.array(HostOrderSchema).describe('With recipients and notes, newest first.'),
    refunds: z.array(RefundRecordSchema).describe('Money that went back to them, or is to.'),
    ledger: z.array(LedgerEntrySchema).describe('Moves of their reputation, newest first.'),
    comments: z
      .array(HandledCommentSchema)
      .describe('What they wrote under lives elsewhere in the last two days.'),
  })
  .describe('All that is kept of a person.');
export type PersonExport = z.infer<typeof PersonExportSchema>;
