import type { Router } from 'express';
import { z } from 'zod';
import { BookingsQuerySchema, PageQuerySchema, ViewersQuerySchema } from '../../protocol/http.js';
import { IdSchema } from '../../protocol/ids.js';
import { ViewerPatchSchema } from '../../protocol/viewer.js';
import type { Services } from '../services.js';
import { type Gate, route } from './routes.js';

const IdParams = z.object({ id: IdSchema });

/** Bookings, viewers and the audit, for the host; and the viewer's own ledger. */
export function peopleRoutes(
  router: Router,
  gate: Gate,
  { bookings, viewers, audit }: Services,
): void {
  route(router, 'get', '/bookings', gate, {
    auth: 'host',
    query: BookingsQuerySchema,
    run: ({ identity, query }) => bookings.list(identity.shopId, query),
  });
  route(router, 'post', '/bookings/:id/cancel', gate, {
    auth: 'host',
    params: IdParams,
    run: async ({ identity, params }) => ({
      booking: await bookings.cancelByHost(identity.shopId, params.id),
    }),
  });

  route(router, 'get', '/viewers', gate, {
    auth: 'host',
    query: ViewersQuerySchema,
    run: ({ identity, query }) => viewers.list(identity.shopId, query),
  });
  route(router, 'patch', '/viewers/:id', gate, {
    auth: 'host',
    params: IdParams,
    body: ViewerPatchSchema,
    run: async ({ identity, params, body }) => ({
      viewer: await viewers.setStatus(identity.shopId, params.id, body.status),
    }),
  });
  route(router, 'get', '/viewers/:id/reputation', gate, {
    auth: 'host',
    params: IdParams,
    query: PageQuerySchema,
    run: ({ identity, params, query }) => viewers.ledger(identity.shopId, params.id, query),
  });
  route(router, 'get', '/me/reputation', gate, {
    auth: 'viewer',
    query: PageQuerySchema,
    run: ({ identity, query }) => viewers.ledger(identity.shopId, identity.id, query),
  });

  route(router, 'get', '/audit', gate, {
    auth: 'host',
    run: ({ identity }) => audit(identity.shopId),
  });
}
