import { z } from 'zod';
import type { Endpoints } from './endpoint.js';
import { PaymentGatewaySchema, PaymentGatewaySetSchema } from './payment-gateway.js';

const PaymentGatewayAnswer = z.object({ paymentGateway: PaymentGatewaySchema });

/** The account that takes a shop's QRIS payments. */
export const PAYMENT_GATEWAY_ENDPOINTS = {
  'GET /payment-gateway': {
    auth: 'host',
    owner: true,
    summary: 'The account that takes the shop’s QRIS payments: its own, or the server’s.',
    answer: PaymentGatewayAnswer,
  },
  'PUT /payment-gateway': {
    auth: 'host',
    owner: true,
    summary: 'Takes payments by the shop’s own account from now on.',
    description:
      'The key is kept encrypted. Payments that are open stay with the account that they were opened by. In production `baseUrl` must be an address of Midtrans’ own. `FORBIDDEN` on a server without `AUTH_SECRET`, which the encryption needs.',
    body: PaymentGatewaySetSchema,
    answer: PaymentGatewayAnswer,
  },
  'POST /payment-gateway/test': {
    auth: 'host',
    unrecorded: true,
    owner: true,
    summary:
      'Asks the account for a payment that does not exist, to see whether it lets the key in.',
    description: 'Moves no money.',
    answer: z.object({
      result: z
        .enum(['ok', 'refused', 'unreachable'])
        .describe('`refused`: the gateway does not take the key.'),
      words: z.string().optional().describe('The gateway’s own, when it is not well.'),
    }),
  },
  'DELETE /payment-gateway': {
    auth: 'host',
    owner: true,
    summary: 'Takes payments by the server’s account from now on.',
    description: 'Payments that are open stay with the account that they were opened by.',
    answer: PaymentGatewayAnswer,
  },
} satisfies Endpoints;
