import type { Router } from 'express';
import { z } from 'zod';
import {
  type HostOrder,
  type OrdersQuery,
  OrdersQuerySchema,
  type Page,
  PageQuerySchema,
} from '../../protocol/http.js';
import { IdSchema } from '../../protocol/ids.js';
import type { Order } from '../../protocol/order.js';
import type { Services } from '../services.js';
import { OrdersCsvQuerySchema, sendOrdersCsv } from './orders-csv.js';
import { type Gate, route } from './routes.js';

const IdParams = z.object({ id: IdSchema });

/** The host's orders, and what became of the money. */
export function orderRoutes(
  router: Router,
  gate: Gate,
  { catalogue, orders, viewers }: Services,
): void {
  const list = async (shopId: string, query: OrdersQuery): Promise<Page<HostOrder>> => {
    const { items, nextCursor } = await orders.list(shopId, query);
    return { items: await viewers.beside(shopId, items), nextCursor };
  };
  const shown = async (shopId: string, order: Order): Promise<{ order: HostOrder }> => ({
    order: { ...order, viewer: await viewers.brief(shopId, order.viewerId) },
  });

  route(router, 'get', '/orders', gate, {
    auth: 'host',
    query: OrdersQuerySchema,
    run: ({ identity, query }) => list(identity.shopId, query),
  });
  route(router, 'get', '/orders.csv', gate, {
    auth: 'host',
    query: OrdersCsvQuerySchema,
    streams: true,
    run: ({ identity: { shopId }, query: { separator, ...query }, response }) =>
      sendOrdersCsv(response, separator, {
        readPage: (part) => list(shopId, { ...query, ...part }),
        readItem: (itemId) => catalogue.findItem(shopId, itemId),
      }),
  });
  route(router, 'get', '/orders/:id', gate, {
    auth: 'host',
    params: IdParams,
    run: async ({ identity, params }) =>
      shown(identity.shopId, await orders.get(identity.shopId, params.id)),
  });
  route(router, 'post', '/orders/:id/confirm-payment', gate, {
    auth: 'host',
    params: IdParams,
    run: async ({ identity, params }) =>
      shown(identity.shopId, await orders.confirmTransfer(identity.shopId, params.id)),
  });
  route(router, 'post', '/orders/:id/cancel', gate, {
    auth: 'host',
    params: IdParams,
    run: async ({ identity, params }) =>
      shown(identity.shopId, await orders.cancelByHost(identity.shopId, params.id)),
  });
  route(router, 'get', '/payment-notices', gate, {
    auth: 'host',
    query: PageQuerySchema,
    run: ({ identity, query }) => orders.notices(identity.shopId, query),
  });
}
