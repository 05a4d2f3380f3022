import { z } from 'zod';
import { RECIPIENT_LIMITS as LIMITS } from './recipient-limits.js';
import { lineOrNoneSchema, lineSchema, linesSchema } from './text.js';

const optionalLine = (maxLength: number) => lineOrNoneSchema(maxLength).optional();

export const RecipientInputSchema = z
  .object({
    name: lineSchema(LIMITS.name).describe('Of the person.'),
    phone: lineSchema(LIMITS.phone).describe(
      'In any usual form: 0812…, 62812…, +62 812-…; of another country with its + and code.',
    ),
    address: linesSchema(LIMITS.address)
      .optional()
      .describe('Street and house, in one or more lines.'),
    district: optionalLine(LIMITS.district).describe('Kecamatan.'),
    city: optionalLine(LIMITS.city).describe('City or regency.'),
    postalCode: optionalLine(LIMITS.postalCode).describe('Five digits, in Indonesia.'),
    note: linesSchema(LIMITS.note).optional().describe('For the courier: “the blue gate”.'),
  })
  .describe('Who gets the parcel, as a buyer types it. Empty fields count as left out.');
export type RecipientInput = z.infer<typeof RecipientInputSchema>;

/** The same as it is kept. */
export const RecipientSchema = RecipientInputSchema.extend({
  phone: z
    .string()
    .regex(/^\+[1-9]\d{5,14}$/)
    .describe('As E.164 has it: +62…, without blanks.'),
}).describe('Who gets the parcel.');
export type Recipient = z.infer<typeof RecipientSchema>;
