import type { Request, Router } from 'express';
import { PEOPLE_ENDPOINTS } from '../../protocol/endpoints-people.js';
import { AppError } from '../../protocol/errors.js';
import type { ViewerBrief } from '../../protocol/viewer.js';
import { bookerOf, type Tokens } from '../identity.js';
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
    const page = pageUrl(request, publicUrl, shopId, liveId);
    return `${page}#token=${tokens.sign(viewer, CLAIM_LIFETIME)}`;
  };
}

function pageUrl(
  request: Request,
  publicUrl: string | undefined,
  shopId: string,
  liveId: string,
): string {
  const base = publicUrl ?? `${request.protocol}://${request.get('host')}`;
  return `${base}/live/${shopId}/${encodeURIComponent(liveId)}`;
}

/** How long somebody whom this server has signed in stays so: until the parcel is there. */
export const VIEWER_LIFETIME = '30d';

/** Bookings, viewers and the audit, for the host; and the viewer's own ledger. */
export function peopleRoutes(
  router: Router,
  gate: Gate,
  { bookings, viewers, people, waitlist, audits }: Services,
  tokens: Tokens,
  publicUrl: string | undefined,
): void {
  const claimUrl = claimLinks(tokens, publicUrl);
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
    'GET /viewers/:id/export': ({ identity, params }) =>
      people.exported(identity.shopId, params.id),
    'DELETE /viewers/:id': async ({ identity, params }) => {
      await people.erase(identity.shopId, params.id);
      return { erased: true as const };
    },
    'POST /viewers/:id/reputation': async ({ identity, params, body }) => ({
      viewer: await viewers.correct(identity.shopId, identity.id, params.id, body),
    }),
    'GET /viewers/:id/reputation': ({ identity, params, query }) =>
      viewers.ledger(identity.shopId, params.id, query),
    'GET /me/reputation': ({ identity, query }) =>
      viewers.ownLedger(identity.shopId, identity.id, query),
    'POST /me/link': async ({ identity, body, request }) => {
      // Nobody makes a sign-in of the shop's own system last longer than that system wants.
      if (!identity.own || !tokens.canSign) throw new AppError('FORBIDDEN', { reason: 'token' });
      const { code, endsAt } = await viewers.makeLink(identity.shopId, bookerOf(identity));
      const page = pageUrl(request, publicUrl, identity.shopId, body.liveId);
      return { url: `${page}#claim=${encodeURIComponent(code)}`, endsAt };
    },
    'POST /me/link/open': async ({ body }) => {
      const { shopId, viewer } = await viewers.openLink(body.code);
      const { viewerId: id, name, guest } = viewer;
      const who = { id, shopId, role: 'viewer', name, guest } as const;
      return { token: tokens.sign(who, VIEWER_LIFETIME), viewerId: id };
    },
    'GET /audit': ({ identity }) => audits.of(identity.shopId),
  });
}
