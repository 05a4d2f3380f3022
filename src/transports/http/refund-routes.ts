import type { Router } from 'express';
import { REFUND_ENDPOINTS } from '../../protocol/endpoints-refunds.js';
import type { HostOrder } from '../../protocol/http.js';
import type { Order } from '../../protocol/order.js';
import type { Refund } from '../../protocol/refund.js';
import type { RefundOf } from '../../services/refunds.js';
import type { Services } from '../services.js';
import { type Gate, serve } from './routes.js';

/** Money that must go back to buyers. */
export function refundRoutes(router: Router, gate: Gate, { refunds, viewers }: Services): void {
  const answer = async (
    shopId: string,
    { refund, order }: { refund: RefundOf; order: Order },
  ): Promise<{ refund: Refund; order: HostOrder }> => {
    const viewer = await viewers.brief(shopId, order.viewerId);
    return { refund: { ...refund, viewer }, order: { ...order, viewer } };
  };

  serve(router, gate, REFUND_ENDPOINTS, {
    'GET /refunds': async ({ identity: { shopId }, query }) => {
      const { items, nextCursor } = await refunds.list(shopId, query);
      return { items: await viewers.beside(shopId, items), nextCursor };
    },
    'POST /orders/:id/refund': async ({ identity: { shopId, id }, params, body }) => {
      const { refund, order } = await refunds.ofOrder(shopId, id, params.id, body);
      if (refund) return answer(shopId, { refund, order });
      return { refund, order: { ...order, viewer: await viewers.brief(shopId, order.viewerId) } };
    },
    'POST /refunds/:id/done': async ({ identity: { shopId, id }, params, body }) =>
      answer(shopId, await refunds.done(shopId, id, params.id, body)),
    'POST /refunds/:id/send': async ({ identity: { shopId }, params }) =>
      answer(shopId, await refunds.send(shopId, params.id)),
  });
}
