import type { Router } from 'express';
import { WEBHOOK_ENDPOINTS } from '../../protocol/endpoints-webhooks.js';
import type { Services } from '../services.js';
import { sendNdjson } from './ndjson.js';
import { type Gate, serve } from './routes.js';

/** Other systems that are notified of what happens in the shop. */
export function webhookRoutes(
  router: Router,
  gate: Gate,
  { webhooks, eventFeed, exports }: Services,
): void {
  serve(router, gate, WEBHOOK_ENDPOINTS, {
    'GET /events': ({ identity, query }) => eventFeed.page(identity.shopId, query),
    'GET /export': ({ identity, query, response }) =>
      sendNdjson(response, exports.rows(identity.shopId, query)),
    'GET /webhooks': ({ identity }) => webhooks.list(identity.shopId),
    'POST /webhooks': async ({ identity, body }) => ({
      webhook: await webhooks.create(identity.shopId, body),
    }),
    'PATCH /webhooks/:id': async ({ identity, params, body }) => ({
      webhook: await webhooks.patch(identity.shopId, params.id, body),
    }),
    'DELETE /webhooks/:id': async ({ identity, params }) => {
      await webhooks.remove(identity.shopId, params.id);
      return { removed: true as const };
    },
    'GET /webhooks/:id/deliveries': ({ identity, params, query }) =>
      webhooks.deliveries(identity.shopId, params.id, query),
    'POST /webhooks/:id/replay': async ({ identity, params, body }) => ({
      webhook: await webhooks.replay(identity.shopId, params.id, body.after),
    }),
  });
}
