import type { Express, Router } from 'express';
import { PHOTO_ENDPOINTS } from '../../protocol/endpoints-photos.js';
import { AppError } from '../../protocol/errors.js';
import { IdSchema, ShopIdSchema } from '../../protocol/ids.js';
import type { RateLimits } from '../rate-limit.js';
import { clientAddress } from '../request.js';
import type { Services } from '../services.js';
import { type Gate, serve } from './routes.js';

export function photoRoutes(router: Router, gate: Gate, { photos }: Services): void {
  serve(router, gate, PHOTO_ENDPOINTS, {
    'POST /photos': async ({ identity, body }) => ({
      url: await photos.keep(identity.shopId, body),
    }),
  });
}

/** The pictures themselves, for anyone. What has to be asked of Redis counts as a request of the address. */
export function photoFiles(
  app: Express,
  { photos }: Services,
  limits: RateLimits,
  trustProxy: number,
): void {
  app.get('/photos/:shopId/:name', async (request, response) => {
    const { shopId, name } = request.params;
    if (!ShopIdSchema.safeParse(shopId).success || !IdSchema.safeParse(name).success)
      throw new AppError('NOT_FOUND');
    if (!photos.isAtHand(shopId, name))
      await limits.requests.take(clientAddress(request, trustProxy));
    const photo = await photos.read(shopId, name);
    if (!photo) throw new AppError('NOT_FOUND');
    response.type(name);
    response.set({
      'Cache-Control': 'public, max-age=31536000, immutable',
      // Pages of other shops' systems may show it, and nothing in it is ever run.
      'Cross-Origin-Resource-Policy': 'cross-origin',
      'Content-Security-Policy': "default-src 'none'; sandbox",
    });
    response.send(photo);
  });
}
