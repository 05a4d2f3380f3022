import { z } from 'zod';
import { BookingStatusSchema } from './booking.js';
import { ItemIdSchema, LiveIdSchema, ShopIdSchema, ViewerIdSchema } from './ids.js';
import { CodeSchema, SkuSchema, StockViewSchema } from './item.js';
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
import {
  CountSchema,
  HeldQuantitySchema,
  PlaceSchema,
  ReputationSchema,
  StockSchema,
  TimeSchema,
} from './units.js';
import { ViewerBriefSchema } from './viewer.js';

/** Lists come in pages: `{ items, nextCursor }`. A page may be shorter than `limit` and still not the last. */
export const PageQuerySchema = z.strictObject({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(200)
    .default(50)
    .meta({ ...CountSchema.meta(), description: 'The most rows of a page.' }),
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
  liveId: LiveIdSchema.optional().describe('Made in this live.'),
  itemId: ItemIdSchema.optional().describe('Of this item.'),
  viewerId: ViewerIdSchema.optional().describe('Of this viewer.'),
  status: BookingStatusSchema.optional(),
});
export type BookingsQuery = z.infer<typeof BookingsQuerySchema>;

export const OrdersQuerySchema = PageQuerySchema.extend({
  status: OrderStatusSchema.optional(),
  viewerId: ViewerIdSchema.optional().describe('Of this viewer.'),
  liveId: LiveIdSchema.optional().describe('With goods that were booked in this live.'),
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

export const OrdersCsvQuerySchema = OrdersQuerySchema.omit({ limit: true, cursor: true }).extend({
  separator: z
    .enum([',', ';'])
    .default(',')
    .describe('Between cells: where decimals have a comma, Excel opens `;` by double click.'),
});
export type OrdersCsvQuery = z.infer<typeof OrdersCsvQuerySchema>;

export const HostOrderSchema = OrderSchema.extend({
  viewer: ViewerBriefSchema,
  hostNote: z.string().optional().describe('The shop’s own, which the buyer does not see.'),
}).describe('An order as hosts see it.');
export type HostOrder = z.infer<typeof HostOrderSchema>;

export const RefundsQuerySchema = PageQuerySchema.extend({
  status: RefundStatusSchema.optional(),
});
export type RefundsQuery = z.infer<typeof RefundsQuerySchema>;

export const NoticesQuerySchema = PageQuerySchema.extend({
  outcome: PaymentNoticeSchema.shape.outcome.optional(),
});
export type NoticesQuery = z.infer<typeof NoticesQuerySchema>;

const Moment = z.coerce.number().int().min(0);

/** Which records, made when. */
export const ExportQuerySchema = z.object({
  kind: z
    .enum(['orders', 'bookings', 'ledger', 'events'])
    .describe(
      'Lines are as in `GET /orders`, `GET /bookings`, `GET /events`; of the ledger as in `GET /viewers/:id/reputation`, with `viewerId`.',
    ),
  from: Moment.default(0).meta({
    'x-unit': 'ms',
    description: 'Made then or later, epoch ms [everything].',
  }),
  to: Moment.optional().meta({ 'x-unit': 'ms', description: 'Made before then, epoch ms [now].' }),
});
export type ExportQuery = z.infer<typeof ExportQuerySchema>;

export const ItemsQuerySchema = PageQuerySchema.extend({
  sku: SkuSchema.optional(),
  code: CodeSchema.optional(),
});
export type ItemsQuery = z.infer<typeof ItemsQuerySchema>;

const Bound = z.coerce
  .number()
  .min(0)
  .max(100)
  .meta(ReputationSchema.meta() ?? {});
export const ViewersQuerySchema = PageQuerySchema.extend({
  minReputation: Bound.default(0).describe('The lowest reputation shown.'),
  maxReputation: Bound.default(100).describe('The highest reputation shown.'),
  q: lineSchema(100).optional().describe('A part of the name or of the id, in any case.'),
});
export type ViewersQuery = z.infer<typeof ViewersQuerySchema>;

export const ShopViewSchema = z
  .object({
    shopId: ShopIdSchema,
    name: z.string().describe('As it is shown.'),
    socialMedia: SocialMediaSchema.partial().describe(
      'Links to its pages; those that are filled in.',
    ),
    marketplace: MarketplaceSchema.partial().describe(
      'Links to its shops; those that are filled in.',
    ),
    lives: z.array(LiveSchema).describe('Those that are on.'),
  })
  .describe('What anyone may know of a shop.');
export type ShopView = z.infer<typeof ShopViewSchema>;

/** Who got the item on show: what anyone may know, and no more of a person than a first name. */
export const WinnersSchema = z.object({
  itemId: ItemIdSchema.nullable().describe('The item on show; null for none.'),
  winners: z
    .array(
      z.object({
        name: z.string().describe('First name; empty when there is none to show.'),
        sequence: PlaceSchema.describe('Of the booking.'),
        quantity: HeldQuantitySchema,
      }),
    )
    .describe('Newest first, at most three.'),
});
export type Winners = z.infer<typeof WinnersSchema>;

/** Our own addition to the contract: the shop's display name. */
export const ShopPatchSchema = z.strictObject({
  name: lineSchema(100).describe('As it is shown.'),
});

/** What a host should know of the server beside the shop. */
export const StatusSchema = z.object({
  warnings: z
    .array(
      z.object({
        code: z
          .enum(['DATA_LOST', 'ARCHIVE_BEHIND', 'ARCHIVE_OLDER'])
          .describe(
            '`DATA_LOST`: Redis was emptied, or an older state of it was restored, under the running server. `ARCHIVE_BEHIND`: what has happened since `at` is not archived yet. `ARCHIVE_OLDER`: the archive lacks records that have left Redis.',
          ),
        at: TimeSchema.describe('When it was noticed, or since when.'),
      }),
    )
    .describe('None, as a rule.'),
});
export type Status = z.infer<typeof StatusSchema>;

export const AuditSchema = z
  .object({
    ok: z.boolean().describe('Nothing differs.'),
    items: z
      .array(
        StockViewSchema.pick({
          itemId: true,
          available: true,
          booked: true,
          allocated: true,
          sold: true,
        }).extend({
          expected: z.int().meta({
            ...StockSchema.meta(),
            description: 'First stock and restocks: what the four must add up to.',
          }),
          ok: z.boolean().describe('They do, and each is what the records say.'),
        }),
      )
      .describe('Each item of the shop.'),
    reputationOk: z.boolean().describe('Each reputation is what its ledger adds up to.'),
    problems: z.array(z.string()).describe('What differs, one line each.'),
  })
  .describe(
    'Stock, carts, reputations and orders, computed anew from bookings, orders, restocks and the ledger, not from the counters.',
  );
export type Audit = z.infer<typeof AuditSchema>;
