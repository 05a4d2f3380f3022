import type { Router } from 'express';
import { SHOP_ENDPOINTS } from '../../protocol/endpoints-shop.js';
import { AppError } from '../../protocol/errors.js';
import { newId } from '../../services/shops.js';
import type { SharedLimit } from '../../store/shared-limit.js';
import type { Tokens } from '../identity.js';
import { clientAddress } from '../request.js';
import type { Services } from '../services.js';
import { VIEWER_LIFETIME } from './people-routes.js';
import { type Gate, serve } from './routes.js';

interface GuestOptions {
  allowed: boolean;
  /** New guests of one address. */
  limit: SharedLimit;
  trustProxy: number;
}

/** What anyone may ask of a shop, and the host's settings. */
export function shopRoutes(
  router: Router,
  gate: Gate,
  { shops, bookings, status }: Services,
  tokens: Tokens,
  guests: GuestOptions,
): void {
  serve(router, gate, SHOP_ENDPOINTS, {
    'GET /shops': ({ query }) => shops.list(query),
    'GET /shops/:shopId': async ({ params }) => {
      const shop = await shops.view(params.shopId);
      return { ...shop, shop };
    },
    'GET /shops/:shopId/lives/:liveId/winners': ({ params }) =>
      bookings.winners(params.shopId, params.liveId),
    'POST /shops/:shopId/guests': async ({ params, body, request }) => {
      if (!guests.allowed) throw new AppError('FORBIDDEN', { guests: 'are not admitted here' });
      await shops.view(params.shopId);
      await guests.limit.take(clientAddress(request, guests.trustProxy));
      const viewerId = newId('guest');
      const guest = {
        id: viewerId,
        shopId: params.shopId,
        role: 'viewer',
        name: body.name,
        guest: true,
      } as const;
      return { token: tokens.sign(guest, VIEWER_LIFETIME), viewerId };
    },
    'GET /settings': async ({ identity }) => ({ settings: await shops.settings(identity.shopId) }),
    'PATCH /settings': async ({ identity, body }) => ({
      settings: await shops.patchSettings(identity.shopId, body),
    }),
    'GET /status': async () => status(),
    'PATCH /shop': async ({ identity, body }) => {
      await shops.rename(identity.shopId, body.name);
      return { shop: await shops.view(identity.shopId) };
    },
  });
}
