import { z } from 'zod';
import { BookingSchema } from './booking.js';
import { IdSchema, ShopIdSchema } from './ids.js';
import { ItemViewSchema } from './item.js';
import { LiveSchema } from './live.js';
import { RulesSchema } from './settings.js';
import { TimeSchema } from './units.js';
import { MeSchema, ViewerBriefSchema } from './viewer.js';

/** On `/live` the shop is named, for a socket without a token may watch any shop. */
export const LiveJoinSchema = z.object({ shopId: ShopIdSchema, liveId: IdSchema });
export const LiveLeaveSchema = z.object({ liveId: IdSchema });
/** On `/host` the token names the shop. */
export const HostLiveJoinSchema = z.object({ liveId: IdSchema });

export type Rules = z.infer<typeof RulesSchema>;

/** The whole state of a live at one moment; events with a higher revision come after it. */
export const SnapshotSchema = z.object({
  live: LiveSchema,
  items: z.array(ItemViewSchema),
  /** The highest revision among the items and the live. */
  revision: z.int().min(0),
  serverTime: TimeSchema,
  rules: RulesSchema.optional(),
  /** Present when the socket has a viewer's token of this shop. */
  me: MeSchema.optional(),
});
export type Snapshot = z.infer<typeof SnapshotSchema>;

const HostBookingSchema = BookingSchema.extend({ viewer: ViewerBriefSchema });
export type HostBooking = z.infer<typeof HostBookingSchema>;

/** The host's snapshot adds the bookings of the live that are held now, newest first, at most 1,000. */
export const HostSnapshotSchema = SnapshotSchema.omit({ me: true }).extend({
  bookings: z.array(HostBookingSchema),
});
export type HostSnapshot = z.infer<typeof HostSnapshotSchema>;
