import { z } from 'zod';
import { type Endpoints, IdParams, pageOf } from './endpoint.js';
import { HostOrderSchema, RefundsQuerySchema } from './http.js';
import { OrderRefundSchema, RefundDoneSchema, RefundSchema } from './refund.js';

const RefundAnswer = z.object({ refund: RefundSchema, order: HostOrderSchema });

/** Money that must go back to buyers. */
export const REFUND_ENDPOINTS = {
  'GET /refunds': {
    auth: 'host',
    owner: true,
    summary: 'All money that must go back or has gone back, whatever caused it, newest first.',
    query: RefundsQuerySchema,
    answer: pageOf(RefundSchema),
  },
  'POST /orders/:id/refund': {
    auth: 'host',
    owner: true,
    summary: 'Gives a paid order up: it is refunded, and what was paid must go back.',
    description:
      'With `restock` its units go back to `available`. Opens a refund of what was paid; of an order that cost nothing there is none (`refund: null`). Of an order that is `needs_refund` it answers the refund that is open.',
    params: IdParams,
    body: OrderRefundSchema,
    answer: RefundAnswer.extend({
      refund: RefundSchema.nullable().describe('What was opened; null when nothing was paid.'),
    }),
    errors: ['NOT_FOUND', 'ORDER_NOT_PAYABLE', 'REQUEST_CONFLICT'],
  },
  'POST /refunds/:id/done': {
    auth: 'host',
    owner: true,
    summary: 'Somebody has paid it back by hand.',
    description:
      'Twice is one effect, and the first note stays. An order that has ended is `refunded` with the last of its refunds; one that is paid, or still awaits payment, keeps its status.',
    params: IdParams,
    body: RefundDoneSchema,
    answer: RefundAnswer,
    errors: ['NOT_FOUND', 'REQUEST_CONFLICT'],
  },
  'POST /refunds/:id/send': {
    auth: 'host',
    owner: true,
    summary: 'Pays it back through the gateway that took it; done when the gateway has agreed.',
    description:
      'Only of a refund that is `sendable`, else `VALIDATION`. Twice pays once. `PAYMENT_UNAVAILABLE`: the gateway refused or did not answer (`details.gateway`); the refund stays open, to be sent again or paid back by hand.',
    params: IdParams,
    answer: RefundAnswer,
    errors: ['NOT_FOUND', 'PAYMENT_UNAVAILABLE'],
  },
} satisfies Endpoints;
