import { z } from 'zod';
import { BookingSchema } from '../protocol/booking.js';
import { CheckoutSchema, LineSchema } from '../protocol/checkout.js';
import { ErrorBodySchema } from '../protocol/errors.js';
import { AuditSchema, HostOrderSchema, ShopViewSchema } from '../protocol/http.js';
import { ItemViewSchema, ReleaseSchema } from '../protocol/item.js';
import { LiveSchema } from '../protocol/live.js';
import { OrderSchema, PaymentNoticeSchema, PaymentSchema } from '../protocol/order.js';
import { SettingsSchema } from '../protocol/settings.js';
import {
  LedgerEntrySchema,
  MeSchema,
  ViewerBriefSchema,
  ViewerSchema,
} from '../protocol/viewer.js';

/** Schemas that the documents call by name; any other stands where it is used. */
const NAMED: Record<string, z.ZodType> = {
  Audit: AuditSchema,
  Booking: BookingSchema,
  Checkout: CheckoutSchema,
  Error: ErrorBodySchema,
  HostOrder: HostOrderSchema,
  Item: ItemViewSchema,
  LedgerEntry: LedgerEntrySchema,
  Line: LineSchema,
  Live: LiveSchema,
  Me: MeSchema,
  Order: OrderSchema,
  Payment: PaymentSchema,
  PaymentNotice: PaymentNoticeSchema,
  Release: ReleaseSchema,
  Settings: SettingsSchema,
  Shop: ShopViewSchema,
  Viewer: ViewerSchema,
  ViewerBrief: ViewerBriefSchema,
};

/** Gives the schemas their names, for zod to refer to them by. */
export function nameComponents(): void {
  for (const [id, schema] of Object.entries(NAMED))
    z.globalRegistry.add(schema, { ...schema.meta(), id });
}
