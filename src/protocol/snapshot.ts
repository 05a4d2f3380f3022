import { z } from 'zod';
import { BookingSchema } from './booking.js';
import type { ShopView } from './http.js';
import { LiveIdSchema, ShopIdSchema } from './ids.js';
import { ItemViewSchema } from './item.js';
import { LiveSchema } from './live.js';
import { RulesSchema } from './settings.js';
import { RevisionSchema, TimeSchema } from './units.js';
import { MeSchema, ViewerBriefSchema } from './viewer.js';

/** On `/live` the shop is named, for a socket without a token may watch any shop. */
export const LiveJoinSchema = z.object({
  shopId: ShopIdSchema,
  liveId: LiveIdSchema,
});
export const LiveLeaveSchema = z.object({ liveId: LiveIdSchema });
/** On `/host` the token names the shop. */
export const HostLiveJoinSchema = z.object({ liveId: LiveIdSchema });

export type Rules = z.infer<typeof RulesSchema>;

/** The whole state of a live at one moment; events with a higher revision come after it. */
export const SnapshotSchema = z.object({
  live: LiveSchema,
  items: z.array(ItemViewSchema).describe('The featured items, in the order shown.'),
  revision: RevisionSchema.describe('The highest revision among the items and the live.'),
  serverTime: TimeSchema.describe('Now, on the clock of every deadline.'),
  rules: RulesSchema.optional().describe('Settings that a viewer should know before booking.'),
  me: MeSchema.optional().describe(
    'What the viewer has, when the socket has a viewer’s token of this shop.',
  ),
});
export type Snapshot = z.infer<typeof SnapshotSchema>;

/** What a live's page comes with, for who watches; a connection's own snapshot takes its place. */
export type FirstSight = Pick<Snapshot, 'live' | 'items' | 'rules'> & {
  shop: Omit<ShopView, 'lives'>;
};

/** A booking as hosts see it. */
export const HostBookingSchema = BookingSchema.extend({ viewer: ViewerBriefSchema });
export type HostBooking = z.infer<typeof HostBookingSchema>;

export const HostSnapshotSchema = SnapshotSchema.omit({ me: true }).extend({
  bookings: z
    .array(HostBookingSchema)
    .describe('Bookings of the live that are held now, newest first, at most 1,000.'),
});
export type HostSnapshot = z.infer<typeof HostSnapshotSchema>;
