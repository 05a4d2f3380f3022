import type { Router } from 'express';
import { z } from 'zod';
import { OrdersQuerySchema, PageQuerySchema } from '../../protocol/http.js';
import { IdSchema } from '../../protocol/ids.js';
import type { Services } from '../services.js';
import { sendOrdersCsv } from './orders-csv.js';
import { type Gate, route } from './routes.js';

const IdParams = z.object({ id: IdSchema });

/** The host's orders, and what became of the money. */
export function orderRoutes(router: Router, gate: Gate, { orders }: Services): void {
  route(router, 'get', '/orders', gate, {
    auth: 'host',
    query: OrdersQuerySchema,
    run: ({ identity, query }) => orders.list(identity.shopId, query),
  });
  route(router, 'get', '/orders.csv', gate, {
    auth: 'host',
    query: OrdersQuerySchema.pick({ status: true, viewerId: true }),
    streams: true,
    run: ({ identity, query, response }) =>
      sendOrdersCsv(response, (part) => orders.list(identity.shopId, { ...query, ...part })),
  });
  route(router, 'get', '/orders/:id', gate, {
    auth: 'host',
    params: IdParams,
    run: async ({ identity, params }) => ({ order: await orders.get(identity.shopId, params.id) }),
  });
  route(router, 'post', '/orders/:id/confirm-payment', gate, {
    auth: 'host',
    params: IdParams,
    run: async ({ identity, params }) => ({
      order: await orders.confirmTransfer(identity.shopId, params.id),
    }),
  });
  route(router, 'post', '/orders/:id/cancel', gate, {
    auth: 'host',
    params: IdParams,
    run: async ({ identity, params }) => ({
      order: await orders.cancelByHost(identity.shopId, params.id),
    }),
  });
  route(router, 'get', '/payment-notices', gate, {
    auth: 'host',
    query: PageQuerySchema,
    run: ({ identity, query }) => orders.notices(identity.shopId, query),
  });
}
