import type { Router } from 'express';
import { COMMENT_ENDPOINTS } from '../../protocol/endpoints-comments.js';
import type { Services } from '../services.js';
import type { ClaimUrl } from './people-routes.js';
import { type Gate, serve } from './routes.js';

/** Comments from where the live is shown. */
export function commentRoutes(
  router: Router,
  gate: Gate,
  { comments }: Services,
  claimUrl: ClaimUrl,
): void {
  serve(router, gate, COMMENT_ENDPOINTS, {
    'POST /comments': async ({ identity, body, request }) => {
      const { shopId } = identity;
      const { outcomes, viewerId, authorName, liveId } = await comments.handle(shopId, body);
      const writer = viewerId && { viewerId, name: authorName };
      return { outcomes, claimUrl: writer && claimUrl(request, shopId, liveId, writer) };
    },
  });
}
