import type { Router } from 'express';
import { z } from 'zod';
import { PageQuerySchema } from '../../protocol/http.js';
import { IdSchema } from '../../protocol/ids.js';
import { ItemCreateSchema, ItemPatchSchema, RestockSchema } from '../../protocol/item.js';
import { LiveCreateSchema, LivePatchSchema } from '../../protocol/live.js';
import type { Services } from '../services.js';
import { type Gate, route } from './routes.js';

const IdParams = z.object({ id: IdSchema });

/** The host's items and lives. */
export function catalogueRoutes(router: Router, gate: Gate, { catalogue }: Services): void {
  route(router, 'get', '/items', gate, {
    auth: 'host',
    query: PageQuerySchema,
    run: ({ identity, query }) => catalogue.items(identity.shopId, query),
  });
  route(router, 'post', '/items', gate, {
    auth: 'host',
    body: ItemCreateSchema,
    status: 201,
    run: async ({ identity, body }) => ({
      item: await catalogue.createItem(identity.shopId, body),
    }),
  });
  route(router, 'get', '/items/:id', gate, {
    auth: 'host',
    params: IdParams,
    run: async ({ identity, params }) => ({
      item: await catalogue.item(identity.shopId, params.id),
    }),
  });
  route(router, 'patch', '/items/:id', gate, {
    auth: 'host',
    params: IdParams,
    body: ItemPatchSchema,
    run: async ({ identity, params, body }) => ({
      item: await catalogue.patchItem(identity.shopId, params.id, body),
    }),
  });
  route(router, 'post', '/items/:id/restock', gate, {
    auth: 'host',
    params: IdParams,
    body: RestockSchema,
    run: async ({ identity, params, body }) => ({
      item: await catalogue.restock(identity.shopId, identity.id, params.id, body),
    }),
  });

  route(router, 'get', '/lives', gate, {
    auth: 'host',
    query: PageQuerySchema,
    run: ({ identity, query }) => catalogue.lives(identity.shopId, query),
  });
  route(router, 'post', '/lives', gate, {
    auth: 'host',
    body: LiveCreateSchema,
    status: 201,
    run: async ({ identity, body }) => ({
      live: await catalogue.createLive(identity.shopId, body),
    }),
  });
  route(router, 'get', '/lives/:id', gate, {
    auth: 'host',
    params: IdParams,
    run: async ({ identity, params }) => ({
      live: await catalogue.live(identity.shopId, params.id),
    }),
  });
  route(router, 'patch', '/lives/:id', gate, {
    auth: 'host',
    params: IdParams,
    body: LivePatchSchema,
    run: async ({ identity, params, body }) => ({
      live: await catalogue.patchLive(identity.shopId, params.id, body),
    }),
  });
  for (const [path, status] of [
    ['start', 'live'],
    ['end', 'ended'],
  ] as const) {
    route(router, 'post', `/lives/:id/${path}`, gate, {
      auth: 'host',
      params: IdParams,
      run: async ({ identity, params }) => ({
        live: await catalogue.setLiveStatus(identity.shopId, params.id, status),
      }),
    });
  }
}
