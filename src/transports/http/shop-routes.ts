import type { Router } from 'express';
import { z } from 'zod';
import { AppError } from '../../protocol/errors.js';
import { PageQuerySchema, ShopPatchSchema } from '../../protocol/http.js';
import { ShopIdSchema } from '../../protocol/ids.js';
import { SettingsPatchSchema } from '../../protocol/settings.js';
import { GuestCreateSchema } from '../../protocol/viewer.js';
import { newId } from '../../services/shops.js';
import type { Tokens } from '../identity.js';
import type { Services } from '../services.js';
import { type Gate, route } from './routes.js';

/** Longer than any live. */
const GUEST_LIFETIME = '24h';

const ShopParams = z.object({ shopId: ShopIdSchema });

/** What anyone may ask of a shop, and the host's settings. */
export function shopRoutes(
  router: Router,
  gate: Gate,
  { shops, viewers }: Services,
  tokens: Tokens,
  allowGuests: boolean,
): void {
  route(router, 'get', '/shops', gate, {
    auth: 'none',
    query: PageQuerySchema,
    run: ({ query }) => shops.list(query),
  });

  route(router, 'get', '/shops/:shopId', gate, {
    auth: 'none',
    params: ShopParams,
    run: async ({ params }) => {
      const shop = await shops.view(params.shopId);
      return { ...shop, shop };
    },
  });

  route(router, 'post', '/shops/:shopId/guests', gate, {
    auth: 'none',
    params: ShopParams,
    body: GuestCreateSchema,
    status: 201,
    run: async ({ params, body }) => {
      if (!allowGuests) throw new AppError('FORBIDDEN', { guests: 'are not admitted here' });
      await shops.view(params.shopId);
      const viewerId = newId('guest');
      const guest = {
        id: viewerId,
        shopId: params.shopId,
        role: 'viewer',
        name: body.name,
      } as const;
      const token = tokens.sign(guest, GUEST_LIFETIME);
      await viewers.me(params.shopId, viewerId, body.name);
      return { token, viewerId };
    },
  });

  route(router, 'get', '/settings', gate, {
    auth: 'host',
    run: async ({ identity }) => ({ settings: await shops.settings(identity.shopId) }),
  });

  route(router, 'patch', '/settings', gate, {
    auth: 'host',
    body: SettingsPatchSchema,
    run: async ({ identity, body }) => ({
      settings: await shops.patchSettings(identity.shopId, body),
    }),
  });

  route(router, 'patch', '/shop', gate, {
    auth: 'host',
    body: ShopPatchSchema,
    run: async ({ identity, body }) => {
      await shops.rename(identity.shopId, body.name);
      return { shop: await shops.view(identity.shopId) };
    },
  });
}
