import type { Router } from 'express';
import { PEOPLE_ENDPOINTS } from '../../protocol/endpoints-people.js';
import type { Services } from '../services.js';
import { type Gate, serve } from './routes.js';

/** Bookings, viewers and the audit, for the host; and the viewer's own ledger. */
export function peopleRoutes(
  router: Router,
  gate: Gate,
  { bookings, viewers, audit }: Services,
): void {
  serve(router, gate, PEOPLE_ENDPOINTS, {
    'GET /bookings': ({ identity, query }) => bookings.list(identity.shopId, query),
    'POST /bookings/:id/cancel': async ({ identity, params }) => ({
      booking: await bookings.cancelByHost(identity.shopId, params.id),
    }),
    'GET /viewers': ({ identity, query }) => viewers.list(identity.shopId, query),
    'PATCH /viewers/:id': async ({ identity, params, body }) => ({
      viewer: await viewers.setStatus(identity.shopId, params.id, body.status),
    }),
    'GET /viewers/:id/reputation': ({ identity, params, query }) =>
      viewers.ledger(identity.shopId, params.id, query),
    'GET /me/reputation': ({ identity, query }) =>
      viewers.ledger(identity.shopId, identity.id, query),
    'GET /audit': ({ identity }) => audit(identity.shopId),
  });
}
