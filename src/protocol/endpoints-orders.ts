import { z } from 'zod';
import { type Endpoints, IdParams, pageOf } from './endpoint.js';
import {
  HostOrderSchema,
  NoticesQuerySchema,
  OrdersCsvQuerySchema,
  OrdersQuerySchema,
  PageQuerySchema,
} from './http.js';
import {
  NoticeDecisionSchema,
  OrderPatchSchema,
  OrderSchema,
  PaymentNoticeSchema,
} from './order.js';

const OrderAnswer = z.object({ order: HostOrderSchema });

/** The host's orders and what became of the money; a viewer's own. */
export const ORDER_ENDPOINTS = {
  'GET /orders': {
    auth: 'host',
    summary: 'Orders, newest first.',
    query: OrdersQuerySchema,
    answer: pageOf(HostOrderSchema),
  },
  'GET /orders.csv': {
    auth: 'host',
    summary: 'Orders as a table for a spreadsheet: a row a line of an order, newest first.',
    description:
      'UTF-8 with a byte order mark. Times are those of Western Indonesia (WIB). What is of the whole order stands in its first row alone, so that a column adds up. What a spreadsheet would take for a formula begins with an apostrophe. With `separator=;` decimals have a comma.',
    query: OrdersCsvQuerySchema,
    answer: z.string(),
    contentType: 'text/csv',
    streams: true,
  },
  'GET /orders/:id': {
    auth: 'host',
    summary: 'One order.',
    params: IdParams,
    answer: OrderAnswer,
    errors: ['NOT_FOUND'],
  },
  'PATCH /orders/:id': {
    auth: 'host',
    summary:
      'How far a paid order has come on its way to the buyer, who is notified; and the host’s own note.',
    params: IdParams,
    body: OrderPatchSchema,
    answer: OrderAnswer,
    errors: ['NOT_FOUND', 'ORDER_NOT_PAYABLE'],
  },
  'POST /orders/:id/confirm-payment': {
    auth: 'host',
    summary: 'The host has seen the transfer: the order is paid.',
    description:
      'Of an order that ever had a transfer to be paid by, also if the buyer has looked at a QR since, which is then closed at the gateway. Twice is one effect. After the order’s end it is late money.',
    params: IdParams,
    answer: OrderAnswer,
    errors: ['NOT_FOUND', 'ORDER_NOT_PAYABLE'],
  },
  'POST /orders/:id/cancel': {
    auth: 'host',
    summary: 'Ends an unpaid order; it costs the viewer nothing.',
    params: IdParams,
    answer: OrderAnswer,
    errors: ['NOT_FOUND', 'ORDER_NOT_PAYABLE'],
  },
  'GET /me/orders': {
    auth: 'viewer',
    summary: 'The viewer’s own orders, newest first: also those that `Me` is too short for.',
    query: PageQuerySchema,
    answer: pageOf(OrderSchema),
  },
  'GET /payment-notices': {
    auth: 'host',
    summary: 'What became of every notice that money moved, newest first.',
    description:
      'The same notice again is the same record, counted. Of one that is `unclear` nobody knows from the gateway’s words whether money moved: a person has to look it up there.',
    query: NoticesQuerySchema,
    answer: pageOf(PaymentNoticeSchema),
  },
  'POST /payment-notices/:id/decide': {
    auth: 'host',
    owner: true,
    summary: 'A person has looked up what an unclear notice is about.',
    description:
      'Money that `came` is settled like any other: the order is paid, or it needs a refund. One whose money had gone back before stays `unclear`. A notice that has another outcome stays as it is.',
    params: IdParams,
    body: NoticeDecisionSchema,
    answer: z.object({ notice: PaymentNoticeSchema }),
    errors: ['NOT_FOUND'],
  },
} satisfies Endpoints;
