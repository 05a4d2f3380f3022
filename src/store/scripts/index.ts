import { z } from 'zod';
import { BookingSchema } from '../../protocol/booking.js';
import { CheckoutSchema } from '../../protocol/checkout.js';
import { StoredCommentSchema } from '../../protocol/comment.js';
import { ErrorBodySchema } from '../../protocol/errors.js';
import { ItemViewSchema } from '../../protocol/item.js';
import { LiveSchema } from '../../protocol/live.js';
import { OrderSchema, PaymentNoticeSchema } from '../../protocol/order.js';
import { HostSnapshotSchema } from '../../protocol/snapshot.js';
import { StaffMemberSchema } from '../../protocol/staff.js';
import {
  MeSchema,
  ReputationChangeSchema,
  ViewerBriefSchema,
  ViewerChangeSchema,
  ViewerSchema,
} from '../../protocol/viewer.js';
import { WaitlistEntrySchema } from '../../protocol/waitlist.js';
import {
  define,
  defineAlone,
  defineAudit,
  defineCatalogue,
  defineMe,
  defineQuick,
} from './define.js';

/** A booking as the audit sees it: its id, the bucket that its units are in, how many. */
const AuditRow = z.tuple([z.string(), z.enum(['booked', 'allocated', 'sold', '']), z.int()]);
export type AuditRow = z.infer<typeof AuditRow>;

/** A refusal: a code of the catalogue; the message is the catalogue's. */
export const RefusalSchema = ErrorBodySchema.omit({ message: true });

/** A booking command that was not accepted now: a repeat of one that was, or a refusal. */
export const BookingResultSchema = z.union([
  z.object({ booking: BookingSchema }),
  z.object({ error: RefusalSchema }),
]);

const Item = z.object({ item: ItemViewSchema });
const LiveReply = z.object({ live: LiveSchema });

const OrderReply = z.object({ order: OrderSchema });
/** The order with the payment that is to be made for it, shown or not. */
const PayableReply = OrderReply.extend({
  payment: z.object({
    id: z.string(),
    status: z.string(),
    amount: z.int(),
    method: z.enum(['qris', 'bank_transfer']),
  }),
});

const Fields = z.record(z.string(), z.string());
const Texts = z.record(z.string(), z.string());
const Part = z.record(
  z.string(),
  z.object({ from: z.int(), rows: z.array(z.string()), more: z.boolean() }),
);
/** Records by id as they are kept; see `archive_read.lua`. */
const ArchiveRecordsSchema = z.object({
  bookings: Texts,
  orders: z.record(
    z.string(),
    z.object({ fields: Fields, payments: z.record(z.string(), Fields), refunds: Texts }),
  ),
  notices: Texts,
  refunds: Texts,
  ledgers: Part,
  restocks: Part,
});
const Gone = z.record(z.string(), z.literal(true));
export type ArchiveRecords = z.infer<typeof ArchiveRecordsSchema>;

/** Every script, with the shape of its answer. The Lua file says what it does and what it takes. */
export const scripts = {
  shopOpen: define('shop_open', z.object({ created: z.boolean() })),
  settingsSave: define('settings_save', z.object({ settings: Fields })),
  itemSave: defineCatalogue('item_save', Item),
  itemsPut: defineCatalogue(
    'items_put',
    z.object({ items: z.array(ItemViewSchema), created: z.int() }),
  ),
  photoKeep: defineCatalogue('photo_keep', z.object({ kept: z.literal(true) })),
  itemRestock: define('item_restock', Item),
  liveSave: define('live_save', LiveReply),
  liveStatus: define('live_status', LiveReply),
  liveSnapshot: define('live_snapshot', HostSnapshotSchema),
  liveRetell: define('live_retell', z.object({ raised: z.int() })),
  viewerOpen: defineMe('viewer_open', MeSchema),
  viewerMissed: defineMe(
    'viewer_missed',
    z.object({
      me: MeSchema,
      ended: z.array(BookingSchema),
      moves: z.array(ReputationChangeSchema),
    }),
  ),
  rightsChanged: define(
    'rights_changed',
    z.object({ changed: z.array(ViewerChangeSchema.extend({ viewerId: z.string() })) }),
  ),
  viewerPatch: define('viewer_patch', z.object({ viewer: ViewerSchema })),
  viewerErase: define(
    'viewer_erase',
    z.object({ more: z.boolean(), next: z.string(), now: z.number() }),
  ),
  eventsErase: define(
    'events_erase',
    z.object({ more: z.boolean(), waits: z.literal(true).optional() }),
  ),
  bookingCreate: defineQuick(
    'booking_create',
    z.object({
      now: z.number(),
      lifetime: z.number(),
      items: z.record(z.string(), ItemViewSchema),
      /** When it was accepted now: its sequence, or `<sequence>:<lifetime>`. Else a `BookingResultSchema` as JSON. */
      values: z.array(z.union([z.int(), z.string()])),
    }),
  ),
  bookingFor: define(
    'booking_for',
    z.object({
      booking: BookingSchema,
      item: ItemViewSchema,
      viewer: ViewerBriefSchema,
      repeated: z.boolean(),
    }),
  ),
  commentHandle: define(
    'comment_handle',
    z.object({ comment: StoredCommentSchema, repeated: z.literal(true).optional() }),
  ),
  bookingRestore: define(
    'booking_restore',
    z.object({ booking: BookingSchema, viewer: ViewerBriefSchema }),
  ),
  waitlistJoin: define(
    'waitlist_join',
    z.object({ entry: WaitlistEntrySchema, item: ItemViewSchema }),
  ),
  waitlistLeave: define('waitlist_leave', z.object({ entry: WaitlistEntrySchema })),
  viewerCorrect: define('viewer_correct', z.object({ viewer: ViewerSchema })),
  bookingCancel: define(
    'booking_cancel',
    z.object({ booking: BookingSchema, reputation: z.int(), viewer: ViewerBriefSchema }),
  ),
  checkoutStart: define('checkout_start', z.object({ checkout: CheckoutSchema })),
  checkoutLeave: define('checkout_leave', z.object({ left: z.literal(true) })),
  orderPlace: define('order_place', PayableReply),
  orderTransferred: define('order_transferred', OrderReply),
  orderPatch: define('order_patch', OrderReply),
  orderEnd: define('order_end', OrderReply.extend({ reputation: z.int(), ended: z.boolean() })),
  paymentOpen: define('payment_open', PayableReply),
  paymentAttach: define('payment_attach', OrderReply.extend({ followed: z.boolean() })),
  paymentSettle: define(
    'payment_settle',
    OrderReply.extend({
      outcome: z.enum(['paid', 'needs_refund', 'ignored', 'unclear']),
      reason: z.string(),
    }),
  ),
  paymentReturned: define(
    'payment_returned',
    OrderReply.extend({ outcome: z.enum(['refunded', 'ignored']), reason: z.string() }),
  ),
  orderRefund: define('order_refund', OrderReply.extend({ refundId: z.string().nullable() })),
  refundDone: define('refund_done', OrderReply.extend({ refundId: z.string() })),
  paymentsDue: define(
    'payments_due',
    z.object({
      payments: z.array(
        z.object({
          paymentId: z.string(),
          orderId: z.string(),
          close: z.boolean(),
          overdue: z.boolean(),
          since: z.number(),
        }),
      ),
      notices: z.array(
        z.object({
          noticeId: z.string(),
          paymentId: z.string(),
          source: PaymentNoticeSchema.shape.source,
        }),
      ),
      next: z.number().nullable(),
      now: z.number(),
    }),
  ),
  paymentFail: define('payment_fail', z.object({ failed: z.boolean() })),
  gatewaySet: define('gateway_set', z.object({ set: z.literal(true) })),
  gatewayReseal: define('gateway_reseal', z.object({ resealed: z.boolean() })),
  noticeReceive: define('notice_receive', z.object({ settled: z.boolean() })),
  noticeKeep: define('notice_keep', z.object({ kept: z.literal(true) })),
  viewerLink: define('viewer_link', z.object({ endsAt: z.number() })),
  viewerLinkOpen: define('viewer_link_open', z.object({ name: z.string(), guest: z.boolean() })),
  staffAdd: define('staff_add', z.object({ member: StaffMemberSchema })),
  staffRemove: define('staff_remove', z.object({ removed: z.literal(true) })),
  staffClaim: define(
    'staff_claim',
    z.object({ member: StaffMemberSchema.extend({ hours: z.number() }) }),
  ),
  noticeDecide: define(
    'notice_decide',
    z.object({ paymentId: z.string(), words: z.string(), settle: z.boolean() }),
  ),
  auditOrders: defineAudit('audit_orders', z.object({ problems: z.array(z.string()) })),
  activeShops: defineAlone(
    'active_shops',
    z.object({ now: z.number(), shops: z.array(z.string()) }),
  ),
  pulse: defineAlone(
    'pulse',
    z.object({ epoch: z.string(), mark: z.string(), lost: z.boolean(), accepted: z.string() }),
  ),
  tryCommands: defineAlone('try_commands', z.array(z.tuple([z.string(), z.string()]))),
  webhookSave: defineAlone('webhook_save', z.object({ saved: z.literal(true) })),
  webhookStep: defineAlone(
    'webhook_step',
    z.union([
      z.object({ mine: z.literal(false) }),
      z.object({ mine: z.literal(true), now: z.int(), state: z.record(z.string(), z.string()) }),
    ]),
  ),
  archiveRead: defineAlone('archive_read', ArchiveRecordsSchema),
  archiveDrop: defineAlone(
    'archive_drop',
    z.union([
      z.object({ late: z.literal(true) }),
      z.object({ orders: Gone, bookings: Gone, notices: Gone }),
    ]),
  ),
  archiveGone: defineAlone('archive_gone', z.object({})),
  archiveTrim: defineAlone(
    'archive_trim',
    z.union([z.object({ late: z.literal(true) }), z.object({ trimmed: z.array(z.boolean()) })]),
  ),
  archiveReturn: defineAlone(
    'archive_return',
    z.union([z.object({ late: z.literal(true) }), z.object({ there: z.boolean() })]),
  ),
  clock: defineAlone('clock', z.object({ now: z.number() })),
  audienceReport: define('audience_report', z.object({ viewers: z.int() })),
  releaseDue: define(
    'release_due',
    z.object({
      /** Absent when more is due. */
      next: z.number().nullable().optional(),
      now: z.number(),
      lateness: z.array(z.number()),
    }),
  ),
  auditBookings: defineAudit(
    'audit_bookings',
    z.object({
      rows: z.array(AuditRow),
      missing: z.array(z.string()),
      problems: z.array(z.string()),
    }),
  ),
  auditItem: defineAudit(
    'audit_item',
    z.union([
      z.object({ behind: z.object({ position: z.string(), rows: z.array(AuditRow) }) }),
      z.object({ lost: z.literal(true) }),
      z.object({
        itemId: z.string(),
        available: z.int(),
        booked: z.int(),
        allocated: z.int(),
        sold: z.int(),
        pending: z.int(),
        expected: z.int(),
        rows: z.array(AuditRow),
        back: z.array(AuditRow),
        goneSold: z.int(),
        left: z.array(z.string()),
        bookings: z.int(),
        restocks: z.int(),
        at: z.string(),
        problems: z.array(z.string()),
      }),
    ]),
  ),
  auditLine: defineAudit(
    'audit_line',
    z.object({ next: z.int().nullable(), problems: z.array(z.string()) }),
  ),
  auditViewers: defineAudit(
    'audit_viewers',
    z.object({
      viewers: z.array(z.object({ viewerId: z.string(), reputation: z.int(), entries: z.int() })),
      problems: z.array(z.string()),
    }),
  ),
};
