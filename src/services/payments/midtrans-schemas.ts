/**
 * The forms of Midtrans' answers and notifications, and what they mean.
 * Sources: docs.midtrans.com/reference: qris, get-transaction-status, cancel-transaction, code-4xx,
 * best-practices-to-handle-notification, and docs/transaction-status-cycle. Unknown fields are ignored, as those ask.
 */
import { z } from 'zod';
import type { PaymentState, Returned } from './gateway.js';

/** Midtrans' times are GMT+7 and carry no offset. */
const MIDTRANS_TIME = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})$/;

/** Rupiah with the decimals that Midtrans adds; no leading zeros, so that one amount has one spelling. */
const GROSS_AMOUNT = /^(0|[1-9]\d*)(?:\.(\d{1,2}))?$/;

/** What a QR code holds at most, in bytes; a QRIS payload is a few hundred. */
const MOST_QR_TEXT = 2_953;
const MOST_URL = 2_048;

/** null and "" say as little as a field that is not there. */
const absent = (value: unknown) => (value === null || value === '' ? undefined : value);
/** A status or another word that decides something. */
const word = z.preprocess(absent, z.string().max(64).optional());
/** A word that decides nothing, so that whatever it is keeps no money out. */
const remark = word.catch(undefined);
/** A text; or a number, which is what some that stand in between make of it. */
const textual = z.union([z.string(), z.number().transform(String)]);
const statusCode = textual.pipe(z.string().regex(/^\d{3}$/));
const figure = z.preprocess(absent, textual.optional()).catch(undefined);
/** Undefined also for a date that is in no calendar. */
const midtransTime = z
  .unknown()
  .optional()
  .transform((text) => parseMidtransTime(text));

/** In every answer. The body's code counts: the HTTP status is often 200 whatever happened. */
export const answerSchema = z.object({
  status_code: statusCode,
  status_message: z.string().optional().catch(undefined),
  validation_messages: z.array(z.string()).optional().catch(undefined),
});

/** An account may add a fee that the payer bears; `gross_amount` then has it in it (midtrans-php#118). */
const payersFeeSchema = z.object({
  extra_info: z.object({
    gross_amount_info: z.object({
      original_amount: figure,
      gross_amount: figure,
      customer_imposed_payment_fee: figure,
    }),
  }),
});

export const transactionSchema = z.object({
  status_code: statusCode,
  order_id: z.string(),
  transaction_id: remark,
  transaction_status: z.string().max(64),
  fraud_status: word,
  gross_amount: figure,
  metadata: payersFeeSchema.optional().catch(undefined),
  currency: word,
  settlement_time: midtransTime,
  /** What has been refunded so far. */
  refund_amount: figure,
  refunds: z
    .array(z.object({ refund_amount: figure }))
    .optional()
    .catch(undefined),
});
export type MidtransTransaction = z.output<typeof transactionSchema>;

export const chargeSchema = transactionSchema.extend({
  transaction_time: midtransTime,
  expiry_time: remark,
  qr_string: z.string().min(1).max(MOST_QR_TEXT).optional().catch(undefined),
  actions: z
    .array(z.object({ name: z.string(), url: z.string().max(MOST_URL) }))
    .optional()
    .catch(undefined),
});
export type MidtransCharge = z.output<typeof chargeSchema>;

/**
 * The spellings under which an amount may have been signed. The signature covers the sender's text; a number has lost it,
 * so each way in which Midtrans writes that number is tried. They are one value, so none lets another amount in.
 */
const signedAmount = z.union([
  z
    .string()
    .regex(GROSS_AMOUNT)
    .transform((text) => [text]),
  z
    .number()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER)
    .transform((amount) => [amount.toFixed(2), String(amount)]),
]);

/** An account's other systems name their orders as they like, and so does the dashboard's test: any text is an id. */
export const notificationSchema = z.object({
  order_id: z.string().min(1),
  status_code: statusCode,
  gross_amount: signedAmount,
  // One that is missing or no text is as good as wrong: unsigned, rather than malformed.
  signature_key: z.string().max(256).catch(''),
  transaction_status: z.string().min(1).max(64),
  transaction_id: remark,
  fraud_status: word,
});

/** Undefined for a word that this version does not know. */
export function paymentState(
  transaction: Pick<MidtransTransaction, 'status_code' | 'transaction_status' | 'fraud_status'>,
): PaymentState | undefined {
  // DANA's answers are documented in upper case, the others in lower.
  switch (transaction.transaction_status.toLowerCase()) {
    case 'settlement':
    case 'capture':
    // A part of the money went back; the sale stands.
    case 'partial_refund':
    case 'partial_chargeback':
      return settledState(transaction.status_code, transaction.fraud_status);
    case 'pending':
    case 'authorize':
      return 'pending';
    case 'expire':
      return 'expired';
    case 'cancel':
      return 'cancelled';
    case 'deny':
    case 'failure':
      return 'denied';
    case 'refund':
    case 'chargeback':
      return 'refunded';
    default:
      return undefined;
  }
}

/** All three of Midtrans' checks for success: the status (by the caller), code 200, and fraud status accept. */
function settledState(code: string, fraudStatus = 'accept'): PaymentState | undefined {
  switch (fraudStatus.toLowerCase()) {
    case 'accept':
      return code === '200' ? 'paid' : 'pending';
    case 'deny':
      return 'denied';
    // A challenged payment is neither paid nor over: Midtrans or the merchant decides later.
    case 'challenge':
      return 'pending';
    default:
      return undefined;
  }
}

type MidtransMoney = Pick<MidtransTransaction, 'gross_amount' | 'metadata'>;

/**
 * What was paid towards the order: without the fee that the account lets the payer bear. `whole` is null for anything but
 * whole rupiah that a number holds exactly, and for figures that contradict each other.
 */
export function amountForOrder(money: MidtransMoney): { whole: number | null; roundedUp: number } {
  const amount = senForOrder(money);
  if (amount === null) return { whole: null, roundedUp: 0 };
  const roundedUp = wholeRupiah(
    amount + ((SEN_PER_RUPIAH - (amount % SEN_PER_RUPIAH)) % SEN_PER_RUPIAH),
  );
  return { whole: wholeRupiah(amount), roundedUp: roundedUp ?? 0 };
}

function senForOrder(transaction: MidtransMoney): bigint | null {
  const info = transaction.metadata?.extra_info.gross_amount_info;
  const gross = sen(transaction.gross_amount ?? info?.gross_amount);
  if (gross === null) return null;
  const original = sen(info?.original_amount);
  const fee = sen(info?.customer_imposed_payment_fee);
  if (original === null) return gross >= (fee ?? 0n) ? gross - (fee ?? 0n) : null;
  // The three are rounded one by one, so they may be a part of a rupiah apart.
  const apart = fee === null ? 0n : original + fee - gross;
  const agree = original <= gross && apart > -SEN_PER_RUPIAH && apart < SEN_PER_RUPIAH;
  return agree ? original : null;
}

/** What has gone back to the payer; undefined when nothing has, null when the words do not say how much of it. */
export function returnedOf(transaction: MidtransTransaction): Returned | undefined | null {
  const [, part, kind] =
    /^(partial_)?(refund|chargeback)$/.exec(transaction.transaction_status.toLowerCase()) ?? [];
  if (kind === undefined) return undefined;
  const reason = kind === 'refund' ? 'gateway_refunded' : 'chargeback';
  if (part === undefined) return { reason };
  const { refund_amount, refunds = [] } = transaction;
  const parts = refunds.map((refund) => sen(refund.refund_amount) ?? 0n);
  const amount = wholeRupiah(sen(refund_amount) ?? parts.reduce((sum, one) => sum + one, 0n));
  return amount ? { amount, reason } : null;
}

const SEN_PER_RUPIAH = 100n;

/** `"10000.50"` → 1000050n. Null for what is no amount. */
function sen(text: string | undefined): bigint | null {
  const [, whole, decimals = ''] = GROSS_AMOUNT.exec(text ?? '') ?? [];
  return whole === undefined ? null : BigInt(whole + decimals.padEnd(2, '0'));
}

function wholeRupiah(amount: bigint): number | null {
  const rupiah = Number(amount / SEN_PER_RUPIAH);
  const isWhole = amount >= 0n && amount % SEN_PER_RUPIAH === 0n;
  return isWhole && Number.isSafeInteger(rupiah) ? rupiah : null;
}

/** `"2020-09-29 11:46:13"`, GMT+7, as epoch milliseconds. */
export function parseMidtransTime(text: unknown): number | undefined {
  const [, date, time] = (typeof text === 'string' && MIDTRANS_TIME.exec(text)) || [];
  if (date === undefined || time === undefined) return undefined;
  const epoch = Date.parse(`${date}T${time}+07:00`);
  // V8 takes 30 February for 2 March; what does not read back the same is no date.
  return !Number.isNaN(epoch) && midtransTimeOf(epoch) === text ? epoch : undefined;
}

function midtransTimeOf(epoch: number): string {
  return new Date(epoch + 7 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
}
