import { z } from 'zod';
import { BookingStatusSchema } from './booking.js';
import { IdSchema, ShopIdSchema } from './ids.js';
import { CodeSchema, SkuSchema } from './item.js';
import { LiveSchema } from './live.js';
import {
  FulfilmentSchema,
  OrderSchema,
  OrderStatusSchema,
  PaymentNoticeSchema,
  RefundStatusSchema,
} from './order.js';
import { MarketplaceSchema, SocialMediaSchema } from './settings.js';
import { lineSchema } from './text.js';
import { StockSchema, TimeSchema } from './units.js';
import { ViewerBriefSchema } from './viewer.js';

/** Lists come in pages: `{ items, nextCursor }`. A page may be shorter than `limit` and still not the last. */
export const PageQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('The most rows of a page.'),
  cursor: z
    .string()
    .min(1)
    .max(300)
    .optional()
    .describe('`nextCursor` of the page before; without it the first page.'),
});
export type PageQuery = z.infer<typeof PageQuerySchema>;

export interface Page<Row> {
  items: Row[];
  nextCursor: string | null;
}

export const BookingsQuerySchema = PageQuerySchema.extend({
  liveId: IdSchema.optional(),
  itemId: IdSchema.optional(),
  viewerId: IdSchema.optional(),
  status: BookingStatusSchema.optional(),
});
export type BookingsQuery = z.infer<typeof BookingsQuerySchema>;

export const OrdersQuerySchema = PageQuerySchema.extend({
  status: OrderStatusSchema.optional(),
  viewerId: IdSchema.optional(),
  liveId: IdSchema.optional().describe('With goods that were booked in this live.'),
  fulfilment: FulfilmentSchema.optional(),
  q: lineSchema(100)
    .optional()
    .describe('Code, invoice number, phone or amount; or a part of a name.'),
  sort: z
    .enum(['createdAt', 'paidAt'])
    .default('createdAt')
    .describe('Newest first by this; by `paidAt` only what was ever paid.'),
});
export type OrdersQuery = z.infer<typeof OrdersQuerySchema>;

/** The list's filters, and what stands between cells: Excel opens `;` by double click where decimals have a comma. */
export const OrdersCsvQuerySchema = OrdersQuerySchema.omit({ limit: true, cursor: true }).extend({
  separator: z.enum([',', ';']).default(','),
});
export type OrdersCsvQuery = z.infer<typeof OrdersCsvQuerySchema>;

/** An order as hosts see it. */
export const HostOrderSchema = OrderSchema.extend({
  viewer: ViewerBriefSchema,
  /** The shop's own, which the buyer does not see. */
  hostNote: z.string().optional(),
});
export type HostOrder = z.infer<typeof HostOrderSchema>;

export const RefundsQuerySchema = PageQuerySchema.extend({
  status: RefundStatusSchema.optional(),
});
export type RefundsQuery = z.infer<typeof RefundsQuerySchema>;

export const NoticesQuerySchema = PageQuerySchema.extend({
  outcome: PaymentNoticeSchema.shape.outcome.optional(),
});
export type NoticesQuery = z.infer<typeof NoticesQuerySchema>;

export const ItemsQuerySchema = PageQuerySchema.extend({
  sku: SkuSchema.optional(),
  code: CodeSchema.optional(),
});
export type ItemsQuery = z.infer<typeof ItemsQuerySchema>;

const Bound = z.coerce.number().min(0).max(100);
export const ViewersQuerySchema = PageQuerySchema.extend({
  minReputation: Bound.default(0).describe('The lowest reputation shown.'),
  maxReputation: Bound.default(100).describe('The highest reputation shown.'),
  q: lineSchema(100).optional().describe('A part of the name or of the id, in any case.'),
});
export type ViewersQuery = z.infer<typeof ViewersQuerySchema>;

/** What anyone may know of a shop. Only the links that are filled in. */
export const ShopViewSchema = z.object({
  shopId: ShopIdSchema,
  name: z.string(),
  socialMedia: SocialMediaSchema.partial(),
  marketplace: MarketplaceSchema.partial(),
  /** The lives that are on. */
  lives: z.array(LiveSchema),
});
export type ShopView = z.infer<typeof ShopViewSchema>;

/** Who got the item on show: what anyone may know, and no more of a person than a first name. */
export const WinnersSchema = z.object({
  itemId: IdSchema.nullable().describe('The item on show.'),
  winners: z.array(
    z.object({
      name: z.string().describe('First name; empty when there is none to show.'),
      sequence: z.int().min(1).describe('Of the booking.'),
      quantity: z.int().min(1),
    }),
  ),
});
export type Winners = z.infer<typeof WinnersSchema>;

/** Our own addition to the contract: the shop's display name. */
export const ShopPatchSchema = z.strictObject({ name: lineSchema(100) });

/** What a host should know of the server beside the shop. */
export const StatusSchema = z.object({
  warnings: z.array(
    z.object({
      /** Redis was emptied, or an older state of it was restored, under the running server. */
      code: z.literal('DATA_LOST'),
      /** When it was noticed. */
      at: TimeSchema,
    }),
  ),
});
export type Status = z.infer<typeof StatusSchema>;

/**
 * The audit recomputes from bookings, orders, restocks and the ledger, not from the counters.
 * `expected` is initial stock plus restocks: what the four buckets must add up to.
 */
export const AuditSchema = z.object({
  ok: z.boolean(),
  items: z.array(
    z.object({
      itemId: IdSchema,
      available: StockSchema,
      booked: StockSchema,
      allocated: StockSchema,
      sold: StockSchema,
      expected: z.int(),
      ok: z.boolean(),
    }),
  ),
  reputationOk: z.boolean(),
  problems: z.array(z.string()),
});
export type Audit = z.infer<typeof AuditSchema>;
