import type { Request, Router } from 'express';
import { PEOPLE_ENDPOINTS } from '../../protocol/endpoints-people.js';
import type { ViewerBrief } from '../../protocol/viewer.js';
import type { Tokens } from '../identity.js';
import type { Services } from '../services.js';
import { type Gate, serve } from './routes.js';

/** A link that signs a viewer in on their own phone; undefined without a secret to sign it with. */
export type ClaimUrl = (
  request: Request,
  shopId: string,
  liveId: string,
  viewer: Pick<ViewerBrief, 'viewerId' | 'name'>,
) => string | undefined;

/** Long enough for tonight's live and the payment after it. */
const CLAIM_LIFETIME = '24h';

/** Links to this server's own page, at its public address or else at the one that was asked. */
export function claimLinks(tokens: Tokens, publicUrl: string | undefined): ClaimUrl {
  return (request, shopId, liveId, { viewerId, name }) => {
    if (!tokens.canSign) return undefined;
    const viewer = { id: viewerId, shopId, role: 'viewer', name } as const;
    const base = publicUrl ?? `${request.protocol}://${request.get('host')}`;
    return `${base}/live/${shopId}/${liveId}#token=${tokens.sign(viewer, CLAIM_LIFETIME)}`;
  };
}

/** Bookings, viewers and the audit, for the host; and the viewer's own ledger. */
export function peopleRoutes(
  router: Router,
  gate: Gate,
  { bookings, viewers, waitlist, audits }: Services,
  claimUrl: ClaimUrl,
): void {
  serve(router, gate, PEOPLE_ENDPOINTS, {
    'GET /bookings': async ({ identity, query }) => {
      const { items, nextCursor } = await bookings.list(identity.shopId, query);
      return { items: await viewers.beside(identity.shopId, items), nextCursor };
    },
    'POST /bookings/:id/cancel': async ({ identity, params }) => ({
      booking: await bookings.cancelByHost(identity.shopId, params.id),
    }),
    'POST /bookings/:id/restore': async ({ identity, params, body }) => ({
      booking: await bookings.restore(identity.shopId, identity.id, params.id, body.requestId),
    }),
    'POST /bookings': async ({ identity, body, request }) => {
      const booked = await bookings.createByHost(identity.shopId, identity.id, body);
      return {
        ...booked,
        claimUrl: claimUrl(request, identity.shopId, body.liveId, booked.viewer),
      };
    },
    'GET /items/:id/waitlist': async ({ identity, params, query }) => {
      const { items, nextCursor } = await waitlist.list(identity.shopId, params.id, query);
      return { items: await viewers.beside(identity.shopId, items), nextCursor };
    },
    'GET /viewers': ({ identity, query }) => viewers.list(identity.shopId, query),
    'PATCH /viewers/:id': async ({ identity, params, body }) => ({
      viewer: await viewers.patch(identity.shopId, params.id, body),
    }),
    'POST /viewers/:id/reputation': async ({ identity, params, body }) => ({
      viewer: await viewers.correct(identity.shopId, identity.id, params.id, body),
    }),
    'GET /viewers/:id/reputation': ({ identity, params, query }) =>
      viewers.ledger(identity.shopId, params.id, query),
    'GET /me/reputation': ({ identity, query }) =>
      viewers.ownLedger(identity.shopId, identity.id, query),
    'GET /audit': ({ identity }) => audits.of(identity.shopId),
  });
}
