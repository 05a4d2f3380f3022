import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response, Router } from 'express';
import { WEBHOOK_ENDPOINTS } from '../../protocol/endpoints-webhooks.js';
import type { Services } from '../services.js';
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

/**
 * Rows as JSON, one a line, read as fast as the client takes them. One that fails in the middle is cut off, so it is never
 * taken for whole; before its first row it is answered with an error.
 */
async function sendNdjson(response: Response, rows: AsyncGenerator<object>): Promise<undefined> {
  const first = await rows.next();
  response.type('application/x-ndjson');
  await pipeline(Readable.from(lines(first, rows)), response);
  return undefined;
}

async function* lines(
  first: IteratorResult<object>,
  rows: AsyncGenerator<object>,
): AsyncGenerator<string> {
  for (let row = first; !row.done; row = await rows.next()) yield `${JSON.stringify(row.value)}\n`;
}
