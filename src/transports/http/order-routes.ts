import type { Router } from 'express';
import { ORDER_ENDPOINTS } from '../../protocol/endpoints-orders.js';
import type { HostOrder, OrdersQuery, Page } from '../../protocol/http.js';
import type { Order } from '../../protocol/order.js';
import type { Services } from '../services.js';
import { sendOrdersCsv } from './orders-csv.js';
import { type Gate, serve } from './routes.js';

/** The host's orders, and what became of the money. */
export function orderRoutes(router: Router, gate: Gate, { orders, viewers }: Services): void {
  const list = async (shopId: string, query: OrdersQuery): Promise<Page<HostOrder>> => {
    const { items, nextCursor } = await orders.list(shopId, query);
    return { items: await viewers.beside(shopId, items), nextCursor };
  };
  const shown = async (shopId: string, order: Order): Promise<{ order: HostOrder }> => ({
    order: { ...order, viewer: await viewers.brief(shopId, order.viewerId) },
  });

  serve(router, gate, ORDER_ENDPOINTS, {
    'GET /orders': ({ identity, query }) => list(identity.shopId, query),
    'GET /orders.csv': ({ identity: { shopId }, query: { separator, ...query }, response }) =>
      sendOrdersCsv(response, separator, (part) => list(shopId, { ...query, ...part })),
    'GET /orders/:id': async ({ identity: { shopId }, params }) =>
      shown(shopId, await orders.get(shopId, params.id)),
    'POST /orders/:id/confirm-payment': async ({ identity: { shopId }, params }) =>
      shown(shopId, await orders.confirmTransfer(shopId, params.id)),
    'POST /orders/:id/cancel': async ({ identity: { shopId }, params }) =>
      shown(shopId, await orders.cancelByHost(shopId, params.id)),
    'GET /payment-notices': ({ identity, query }) => orders.notices(identity.shopId, query),
  });
}
