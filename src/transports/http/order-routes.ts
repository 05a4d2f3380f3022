import type { Router } from 'express';
import { ORDER_ENDPOINTS } from '../../protocol/endpoints-orders.js';
import type { HostOrder, OrdersQuery, Page } from '../../protocol/http.js';
import type { Services } from '../services.js';
import { sendOrdersCsv } from './orders-csv.js';
import { type Gate, serve } from './routes.js';

/** The host's orders and what became of the money; a viewer's own. */
export function orderRoutes(router: Router, gate: Gate, { orders, viewers }: Services): void {
  const list = async (shopId: string, query: OrdersQuery): Promise<Page<HostOrder>> => {
    const { items, nextCursor } = await orders.list(shopId, query);
    return { items: await viewers.beside(shopId, items), nextCursor };
  };
  const shown = async (shopId: string, orderId: string): Promise<{ order: HostOrder }> => {
    const order = await orders.get(shopId, orderId);
    return { order: { ...order, viewer: await viewers.brief(shopId, order.viewerId) } };
  };

  serve(router, gate, ORDER_ENDPOINTS, {
    'GET /orders': ({ identity, query }) => list(identity.shopId, query),
    'GET /orders.csv': ({ identity: { shopId }, query: { separator, ...query }, response }) =>
      sendOrdersCsv(response, separator, (part) => list(shopId, { ...query, ...part })),
    'GET /orders/:id': ({ identity: { shopId }, params }) => shown(shopId, params.id),
    'PATCH /orders/:id': async ({ identity: { shopId }, params, body }) => {
      await orders.patch(shopId, params.id, body);
      return shown(shopId, params.id);
    },
    'POST /orders/:id/confirm-payment': async ({ identity: { shopId }, params }) => {
      await orders.confirmTransfer(shopId, params.id);
      return shown(shopId, params.id);
    },
    'POST /orders/:id/cancel': async ({ identity: { shopId }, params }) => {
      await orders.cancelByHost(shopId, params.id);
      return shown(shopId, params.id);
    },
    'GET /me/orders': ({ identity, query }) => orders.listOwn(identity.shopId, identity.id, query),
    'GET /payment-notices': ({ identity, query }) => orders.notices(identity.shopId, query),
    'POST /payment-notices/:id/decide': async ({ identity, params, body }) => ({
      notice: await orders.decideNotice(identity.shopId, identity, params.id, body),
    }),
  });
}
