import type { Router } from 'express';
import { STAFF_ENDPOINTS } from '../../protocol/endpoints-staff.js';
import { AppError } from '../../protocol/errors.js';
import type { Tokens } from '../identity.js';
import type { Services } from '../services.js';
import { type Gate, serve } from './routes.js';

/** Links into the console. */
export function staffRoutes(
  router: Router,
  gate: Gate,
  { staff, changes }: Services,
  tokens: Tokens,
  publicUrl: string | undefined,
): void {
  serve(router, gate, STAFF_ENDPOINTS, {
    'GET /staff': async ({ identity }) => ({
      items: await staff.list(identity.shopId),
      nextCursor: null,
    }),
    'GET /changes': ({ identity, query }) => changes.list(identity.shopId, query),
    'POST /staff': async ({ identity, body, request }) => {
      if (!tokens.canSign) throw new AppError('FORBIDDEN', { server: 'has no AUTH_SECRET' });
      const { member, code } = await staff.add(identity.shopId, identity, body);
      const base = publicUrl ?? `${request.protocol}://${request.get('host')}`;
      return { member, url: `${base}/host#link=${code}` };
    },
    'DELETE /staff/:id': async ({ identity, params }) => {
      await staff.remove(identity.shopId, params.id);
      return { removed: true as const };
    },
    'POST /staff/claim': async ({ body }) => {
      const { shopId, member, hours } = await staff.claim(body.code);
      const { staffId: id, name } = member;
      const host = { id, shopId, role: 'host', name, staff: member.staff } as const;
      return { token: tokens.signStaff(host, `${Math.round(hours * 60)}m`), member };
    },
  });
}
