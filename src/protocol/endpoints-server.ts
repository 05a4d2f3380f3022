import { z } from 'zod';
import type { Endpoints } from './endpoint.js';
import { PaymentIdSchema } from './ids.js';

/** How the archive is. Everything else goes on without it. */
const ArchiveStateSchema = z.object({
  ok: z
    .boolean()
    .describe('Whether the database answers, and is not older than what has left Redis.'),
  reason: z.string().optional().describe('Why not, in one line.'),
  behindSeconds: z
    .number()
    .meta({ 'x-unit': 'seconds', description: 'Age of the oldest event that it lacks.' }),
});
export type ArchiveState = z.infer<typeof ArchiveStateSchema>;

const HealthAnswer = z.object({
  ok: z.boolean().describe('Whether commands can be served.'),
  reason: z.string().optional().describe('Why not, in one line.'),
  warnings: z
    .array(z.string())
    .optional()
    .describe('What could lose data, or is not as it should be.'),
  archive: z
    .union([
      z
        .literal('none')
        .describe('No `DATABASE_URL`: nothing is archived, and nothing leaves Redis.'),
      ArchiveStateSchema,
    ])
    .optional()
    .describe('How the archive is. Whatever it is, the server serves.'),
});

/** For whoever runs the server, for the payment gateway, and for trying out. */
export const SERVER_ENDPOINTS = {
  'GET /healthz': {
    auth: 'none',
    summary: 'The process is alive.',
    answer: z.object({
      ok: z.literal(true).describe('Always.'),
      upMs: z
        .number()
        .int()
        .min(0)
        .meta({ 'x-unit': 'ms' })
        .describe(
          'How long it has been up. A client that was away for longer need not spread its return.',
        ),
    }),
  },
  'GET /readyz': {
    auth: 'none',
    summary: 'Whether the server can serve: the store can, and it is not stopping.',
    answer: HealthAnswer,
    unlessWell: 503,
  },
  'GET /metrics': {
    auth: 'none',
    summary: 'Metrics in the text format of Prometheus.',
    answer: z.string(),
    contentType: 'text/plain',
  },
  'POST /api/v1/webhooks/midtrans': {
    auth: 'none',
    summary: 'Notifications of the payment gateway, as it sends and signs them.',
    description:
      'The signature is checked, and what the gateway itself then says decides. Anything but 200 makes the gateway send it again.',
    answer: z.object({ ok: z.literal(true).describe('The notification is kept.') }),
    errors: ['VALIDATION', 'UNAUTHENTICATED', 'NOT_FOUND', 'PAYMENT_UNAVAILABLE'],
  },
  'POST /sandbox/qris/:paymentId/pay': {
    auth: 'none',
    summary: 'Plays the customer’s banking app: pays a QRIS payment of the sandbox.',
    description:
      'With `PAYMENTS=sandbox` alone. It pays a payment that has expired, too, so that late money can be tried.',
    params: z.object({ paymentId: PaymentIdSchema.describe('Of the order’s payment.') }),
    answer: z.object({
      ok: z.literal(true).describe('The money is in.'),
      payment: z
        .object({
          paymentId: PaymentIdSchema,
          status: z.literal('paid').describe('Always.'),
        })
        .describe('The one that was paid.'),
    }),
    errors: ['NOT_FOUND', 'PAYMENT_UNAVAILABLE'],
  },
} satisfies Endpoints;
