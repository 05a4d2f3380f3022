import { z } from 'zod';
import { BookingSchema } from './booking.js';
import { ERRORS, ErrorBodySchema } from './errors.js';
import { IdSchema, LiveIdSchema } from './ids.js';
import { lineOrNoneSchema, linesSchema, nameSchema } from './text.js';
import { StockSchema, TimeSchema } from './units.js';
import { WaitlistEntrySchema } from './waitlist.js';

const Source = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z][a-z0-9_-]{0,31}$/, 'must be a word, like tiktok')
  .describe('Where it was written: `tiktok`, `instagram`.');
const AuthorId = nameSchema(100).describe('Of the writer, at the source.');

/** A comment that was written under a live elsewhere. */
export const CommentCreateSchema = z.strictObject({
  liveId: LiveIdSchema,
  source: Source,
  commentId: nameSchema(200).describe('At the source; makes it safe to repeat.'),
  authorId: AuthorId,
  authorName: lineOrNoneSchema(200).describe(
    'As it is shown there; the first 64 characters count.',
  ),
  text: linesSchema(2_000).describe('The first 300 characters are read.'),
});
export type CommentCreate = z.infer<typeof CommentCreateSchema>;

/** What a comment came to for one item that it names; for one that names none there is a single `ignored`. */
const CommentOutcomeSchema = z.object({
  outcome: z
    .enum(['booked', 'waiting', 'refused', 'ignored'])
    .describe('`ignored`: it asks for nothing.'),
  code: z.string().optional().describe('Of the item, as the shop writes it.'),
  name: z.string().optional().describe('Of the item.'),
  available: StockSchema.optional().describe('Units left after it.'),
  booking: BookingSchema.optional().describe('What was booked.'),
  entry: WaitlistEntrySchema.optional().describe('The place in the waiting line.'),
  error: ErrorBodySchema.optional().describe('Why it was refused.'),
});
type CommentOutcome = z.infer<typeof CommentOutcomeSchema>;

/** With what to answer the writer. */
export const AnsweredOutcomeSchema = CommentOutcomeSchema.extend({
  reply: z.string().describe('What to answer, in Indonesian; empty for nothing.'),
});

/** A comment with what it came to, as hosts see it. */
export const HandledCommentSchema = z.object({
  liveId: LiveIdSchema,
  source: z.string().describe('Where it was written.'),
  commentId: z.string().describe('At the source.'),
  authorId: z.string().describe('Of the writer, at the source.'),
  authorName: z.string().describe('As it is shown there, cut at 64 characters.'),
  text: z.string().describe('Its first 300 characters.'),
  at: TimeSchema.describe('When it was handled.'),
  viewerId: IdSchema.optional().describe('Of the writer, once they have asked for something.'),
  outcomes: z
    .array(AnsweredOutcomeSchema)
    .describe('What it came to, for each item that it names.'),
});
export type HandledComment = z.infer<typeof HandledCommentSchema>;

/** As the script keeps it: refusals by their code, and no words for the writer. */
const StoredOutcomeSchema = CommentOutcomeSchema.extend({
  error: ErrorBodySchema.omit({ message: true }).optional(),
});
export const StoredCommentSchema = HandledCommentSchema.extend({
  outcomes: z.array(StoredOutcomeSchema),
});

/** A comment as it was kept, put into words. */
export function answered(stored: z.infer<typeof StoredCommentSchema>): HandledComment {
  const outcomes = stored.outcomes.map(({ error, ...rest }) => {
    const outcome: CommentOutcome = {
      ...rest,
      ...(error && { error: { ...error, message: ERRORS[error.code].message } }),
    };
    return { ...outcome, reply: replyTo(outcome) };
  });
  return { ...stored, outcomes };
}

const clock = new Intl.DateTimeFormat('id-ID', {
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'Asia/Jakarta',
});

/** Why something could not be booked, in Indonesian; what is not here is said in general words. */
const REASONS: Record<string, (outcome: CommentOutcome) => string> = {
  NOT_FOUND: ({ code }) => `Kode ${code} tidak ada di live ini.`,
  LIVE_NOT_OPEN: () => 'Live-nya belum mulai atau sudah selesai.',
  ITEM_CLOSED: ({ code }) => `${code} sedang ditutup.`,
  SOLD_OUT: ({ code }) => `Maaf, ${code} sudah habis.`,
  INSUFFICIENT_STOCK: ({ code, available }) => `${code} tinggal ${available}.`,
  ALREADY_EXISTS: ({ code }) => `Kamu sudah ada di antrean ${code}.`,
  MAX_BOOKINGS: () => 'Booking kamu sudah penuh. Selesaikan dulu yang ada.',
  MAX_ITEM_QUANTITY: ({ code, error }) => `${code} maksimal ${error?.details?.limit} per orang.`,
  CART_FULL: ({ error }) => `Keranjang maksimal ${error?.details?.limit} pcs.`,
  COOLDOWN: ({ code }) => `${code} belum bisa kamu booking lagi. Coba beberapa saat lagi.`,
  REPUTATION_TOO_LOW: () => 'Reputasi kamu belum cukup untuk booking.',
  VIEWER_RESTRICTED: () => 'Akun kamu sedang dibatasi. Hubungi penjual.',
};

/** What to answer the writer, in Indonesian; '' for what needs no answer. */
function replyTo(outcome: CommentOutcome): string {
  const { code, name, booking, entry, error, available = 0 } = outcome;
  switch (outcome.outcome) {
    case 'booked': {
      const until = clock.format(booking?.expiresAt ?? 0);
      return `${code} ${name} × ${booking?.quantity} kami simpan untuk kamu sampai ${until} WIB (urutan ke-${booking?.sequence}).`;
    }
    case 'waiting':
      return `${code} habis. Kamu masuk antrean nomor ${entry?.ticket}; kami kabari kalau ada yang lepas.`;
    case 'refused':
      return REASONS[error?.code ?? '']?.(outcome) ?? `${code ?? 'Ini'} belum bisa dibooking.`;
    case 'ignored':
      if (code === undefined) return '';
      return available > 0
        ? `${code} tersisa ${available}. Tulis "keep ${code}" untuk booking.`
        : `${code} sedang habis.`;
    default:
      return outcome.outcome satisfies never;
  }
}
