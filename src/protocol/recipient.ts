import { z } from 'zod';
import { cleanLine, lineSchema, linesSchema } from './text.js';

/** A line that may be left empty, as forms send it. */
const optionalLine = (maxLength: number) =>
  z.string().overwrite(cleanLine).max(maxLength).optional();

/** Who gets the parcel, as a buyer types it. Empty fields count as left out. */
export const RecipientInputSchema = z.object({
  name: lineSchema(100),
  /** In any usual form: 0812…, 62812…, +62 812-…; of another country with its + and code. */
  phone: lineSchema(40),
  address: linesSchema(500).optional(),
  district: optionalLine(100),
  city: optionalLine(100),
  postalCode: optionalLine(10),
  /** For the courier: "the blue gate". */
  note: linesSchema(300).optional(),
});
export type RecipientInput = z.infer<typeof RecipientInputSchema>;

/** The same as it is kept. */
export const RecipientSchema = RecipientInputSchema.extend({
  /** E.164: +62…, without blanks. */
  phone: z.string().regex(/^\+[1-9]\d{5,14}$/),
});
export type Recipient = z.infer<typeof RecipientSchema>;
