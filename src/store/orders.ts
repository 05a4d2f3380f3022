import { z } from 'zod';
import {
  FulfilmentSchema,
  type Order,
  OrderSchema,
  OrderStatusSchema,
  PaymentSchema,
} from '../protocol/order.js';
import { RecipientSchema } from '../protocol/recipient.js';
import { shopKey } from './keys.js';
import { readRefund } from './refunds.js';
import type { ArchiveRecords } from './scripts/index.js';
import type { Store } from './store.js';

/** `placed` is what never changes after placing; the rest are fields of their own. */
const OrderRecord = z.object({
  placed: z.string(),
  status: OrderStatusSchema,
  expiresAt: z.coerce.number(),
  paidAt: z.coerce.number().optional(),
  payBy: z.coerce.number(),
  paymentId: z.string(),
  transferId: z.string().optional(),
  recipient: z
    .string()
    .transform((text) => RecipientSchema.parse(JSON.parse(text)))
    .optional(),
  note: z.string().optional(),
  fulfilment: FulfilmentSchema.default('none'),
  tracking: z.string().optional(),
  invoiceNumber: z.string().optional(),
  hostNote: z.string().optional(),
  refunds: z
    .string()
    .transform((ids) => ids.split(' '))
    .optional(),
});

const PaymentRecord = z.object({
  method: PaymentSchema.shape.method,
  provider: PaymentSchema.shape.provider,
  /** `creating`: asked of the gateway, and not shown until it has answered. */
  status: z.union([PaymentSchema.shape.status, z.literal('creating')]),
  amount: z.coerce.number(),
  createdAt: z.coerce.number(),
  qrString: z.string().optional(),
  claimedAt: z.coerce.number().optional(),
  expiresAt: z.coerce.number().optional(),
});

/** A payment as stored: also one that is still being opened at the gateway. */
export type StoredPayment = z.infer<typeof PaymentRecord> & { paymentId: string };

/** An order as everyone sees it, and its current payment as it is stored. */
export interface StoredOrder {
  order: Order;
  payment: StoredPayment | undefined;
  /** The newest bank transfer that it was to be paid by, whatever the current payment is. */
  transferId: string | undefined;
  /** The shop's own, which the buyer does not see. */
  hostNote: string | undefined;
  /** Until when another payment may be opened, epoch ms; the current one may live longer. */
  payBy: number;
}

export async function readPayment(
  store: Store,
  shopId: string,
  paymentId: string,
): Promise<StoredPayment | undefined> {
  const fields = await store.read((redis) =>
    redis.hGetAll(`${shopKey(shopId)}:payment:${paymentId}`),
  );
  const record = PaymentRecord.safeParse(fields);
  return record.success ? { paymentId, ...record.data } : undefined;
}

/** An order's hash with those of its payments by id, and its refunds' records, all as they are kept. */
export type RawOrder = ArchiveRecords['orders'][string];

export async function readOrder(
  store: Store,
  shopId: string,
  orderId: string,
): Promise<StoredOrder | undefined> {
  const fields = await store.read((redis) => redis.hGetAll(`${shopKey(shopId)}:order:${orderId}`));
  const record = OrderRecord.safeParse(fields);
  if (!record.success) {
    const past = await store.past?.order(shopId, orderId);
    return past && orderOf(past);
  }
  const { paymentId, refunds: refundIds } = record.data;
  const payment = await readPayment(store, shopId, paymentId);
  const refunds =
    refundIds && (await Promise.all(refundIds.map((id) => readRefund(store, shopId, id))));
  const accounts = payment && (await accountsFor(store, shopId, payment));
  return storedOrder(record.data, payment, refunds, accounts);
}

/** Before something happens to an order: one that has left Redis comes back. */
export async function bringBack(store: Store, shopId: string, orderId: string): Promise<void> {
  if (!store.past) return;
  const [status] = await store.read((redis) =>
    redis.hmGet(`${shopKey(shopId)}:order:${orderId}`, ['status']),
  );
  if (status == null) await store.past.bringBack(shopId, orderId);
}

/** The same of a record that is given. Where a transfer goes is not known. */
export function orderOf({ fields, payments, refunds }: RawOrder): StoredOrder {
  const record = OrderRecord.parse(fields);
  const payment = PaymentRecord.safeParse(payments[record.paymentId]);
  const kept = record.refunds?.flatMap((id) => (refunds[id] ? [JSON.parse(refunds[id])] : []));
  const shown = payment.success ? { paymentId: record.paymentId, ...payment.data } : undefined;
  return storedOrder(record, shown, kept, undefined);
}

function storedOrder(
  record: z.infer<typeof OrderRecord>,
  payment: StoredPayment | undefined,
  refunds: unknown[] | undefined,
  accounts: unknown,
): StoredOrder {
  const { placed, paymentId, payBy, transferId, refunds: _, hostNote, ...rest } = record;
  const shown =
    payment && payment.status !== 'creating' ? PaymentSchema.parse({ ...payment, accounts }) : null;
  return {
    order: OrderSchema.parse({
      ...placedOf(placed),
      ...rest,
      payment: shown,
      ...(transferId !== undefined && { transferOpened: true }),
      refunds,
    }),
    payment,
    hostNote,
    payBy,
    // Orders of before kept only their current payment.
    transferId: transferId ?? (payment?.method === 'bank_transfer' ? paymentId : undefined),
  };
}

/** Where a transfer goes, while it is awaited. */
async function accountsFor(
  store: Store,
  shopId: string,
  { method, status }: StoredPayment,
): Promise<unknown> {
  if (method !== 'bank_transfer' || status !== 'pending') return undefined;
  const [text] = await store.read((redis) =>
    redis.hmGet(`${shopKey(shopId)}:settings`, ['bankAccounts']),
  );
  const accounts: unknown[] = JSON.parse(text ?? '[]');
  return accounts.length > 0 ? accounts : undefined;
}

/** With what records lack of before there were codes, fees, and prices with PPN. */
function placedOf(text: string): object {
  const placed = JSON.parse(text);
  const { subtotal: taxBase } = placed;
  const figures = { pricesIncludePpn: false, taxBase, shippingFee: 0, serviceFee: 0 };
  return { code: '', delivery: 'ship', ...figures, ...placed };
}

/** Ids of the shop's orders from a place in the index on, for the audit's walk. */
export function orderIds(
  store: Store,
  shopId: string,
  start: number,
  count: number,
): Promise<string[]> {
  return store.read((redis) => redis.zRange(`${shopKey(shopId)}:orders`, start, start + count - 1));
}
