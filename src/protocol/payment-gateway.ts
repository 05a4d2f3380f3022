import { z } from 'zod';
import { RupiahSchema, TimeSchema } from './units.js';

export const PaymentGatewaySchema = z
  .object({
    provider: z.enum(['midtrans', 'sandbox']).describe('`sandbox`: play money.'),
    own: z.boolean().describe('The shop’s own account; else that of the server.'),
    usable: z
      .boolean()
      .describe(
        'False when the key cannot be read any more, as after a change of AUTH_SECRET: set it again.',
      ),
    baseUrl: z.string().optional().describe('Of the shop’s own account.'),
    setAt: TimeSchema.optional().describe('When the shop’s own account was set.'),
    notificationUrl: z
      .string()
      .optional()
      .describe('To be entered in the account’s dashboard; charges name it by themselves.'),
    limits: z
      .object({
        amount: RupiahSchema.describe('The most that one payment may be of.'),
        minutes: z
          .number()
          .meta({ 'x-unit': 'minutes', description: 'The longest that one may be open.' }),
      })
      .describe('What the gateway takes.'),
    refunds: z.boolean().describe('Whether money can be sent back through it.'),
  })
  .describe('What a shop’s QRIS payments are taken by. The key is never answered.');
export type PaymentGatewayView = z.infer<typeof PaymentGatewaySchema>;

export const PaymentGatewaySetSchema = z.strictObject({
  provider: z.literal('midtrans').describe('The only one so far.'),
  serverKey: z
    .string()
    .regex(/^[\x21-\x7e]{8,256}$/, 'must be 8 to 256 visible ASCII characters without blanks')
    .describe('From the dashboard: Settings → Access Keys.'),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .max(200)
    .optional()
    .describe('Left out: Midtrans’ sandbox for a key that begins with SB-, else its live system.'),
});
export type PaymentGatewaySet = z.infer<typeof PaymentGatewaySetSchema>;
