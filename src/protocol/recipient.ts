import { z } from 'zod';
import { RECIPIENT_LIMITS as LIMITS } from './recipient-limits.js';
import { cleanLine, lineSchema, linesSchema } from './text.js';

/** A line that may be left empty, as forms send it. */
const optionalLine = (maxLength: number) =>
  z.string().overwrite(cleanLine).max(maxLength).optional();

/** Who gets the parcel, as a buyer types it. Empty fields count as left out. */
export const RecipientInputSchema = z.object({
  name: lineSchema(LIMITS.name),
  /** In any usual form: 0812…, 62812…, +62 812-…; of another country with its + and code. */
  phone: lineSchema(LIMITS.phone),
  address: linesSchema(LIMITS.address).optional(),
  district: optionalLine(LIMITS.district),
  city: optionalLine(LIMITS.city),
  postalCode: optionalLine(LIMITS.postalCode),
  /** For the courier: "the blue gate". */
  note: linesSchema(LIMITS.note).optional(),
});
export type RecipientInput = z.infer<typeof RecipientInputSchema>;

/** The same as it is kept. */
export const RecipientSchema = RecipientInputSchema.extend({
  /** E.164: +62…, without blanks. */
  phone: z.string().regex(/^\+[1-9]\d{5,14}$/),
});
export type Recipient = z.infer<typeof RecipientSchema>;
