import type { Router } from 'express';
import { CATALOGUE_ENDPOINTS } from '../../protocol/endpoints-catalogue.js';
import type { Services } from '../services.js';
import { type Gate, serve } from './routes.js';

/** The host's items and lives. */
export function catalogueRoutes(router: Router, gate: Gate, { catalogue }: Services): void {
  serve(router, gate, CATALOGUE_ENDPOINTS, {
    'GET /items': ({ identity, query }) => catalogue.items(identity.shopId, query),
    'POST /items': async ({ identity, body }) => ({
      item: await catalogue.createItem(identity.shopId, body),
    }),
    'PUT /items': ({ identity, body }) => catalogue.putItems(identity.shopId, identity.id, body),
    'GET /items/:id': async ({ identity, params }) => ({
      item: await catalogue.item(identity.shopId, params.id),
    }),
    'PATCH /items/:id': async ({ identity, params, body }) => ({
      item: await catalogue.patchItem(identity.shopId, params.id, body),
    }),
    'POST /items/:id/restock': async ({ identity, params, body }) => ({
      item: await catalogue.restock(identity.shopId, identity.id, params.id, body),
    }),
    'GET /lives': ({ identity, query }) => catalogue.lives(identity.shopId, query),
    'POST /lives': async ({ identity, body }) => ({
      live: await catalogue.createLive(identity.shopId, body),
    }),
    'GET /lives/:id': async ({ identity, params }) => ({
      live: await catalogue.live(identity.shopId, params.id),
    }),
    'PATCH /lives/:id': async ({ identity, params, body }) => ({
      live: await catalogue.patchLive(identity.shopId, params.id, body),
    }),
    'POST /lives/:id/start': async ({ identity, params }) => ({
      live: await catalogue.setLiveStatus(identity.shopId, params.id, 'live'),
    }),
    'POST /lives/:id/end': async ({ identity, params }) => ({
      live: await catalogue.setLiveStatus(identity.shopId, params.id, 'ended'),
    }),
  });
}
