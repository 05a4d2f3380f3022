import { z } from 'zod';
import { type Endpoints, IdParams, pageOf } from './endpoint.js';
import { PageQuerySchema } from './http.js';
import { ChangeSchema, StaffAddSchema, StaffClaimSchema, StaffMemberSchema } from './staff.js';

/** Of a shop, at once. */
export const STAFF_MOST = 50;

/** Who may use the console, let in by a link instead of a token from the terminal. */
export const STAFF_ENDPOINTS = {
  'GET /staff': {
    auth: 'host',
    owner: true,
    summary: 'Whom the owner has let into the console, newest first, all in one page.',
    description: 'Not those who have a token by other ways. Whose sign-in has ended is left out.',
    answer: pageOf(StaffMemberSchema),
  },
  'POST /staff': {
    auth: 'host',
    owner: true,
    summary: 'Lets somebody into the console by a link that works once, within ten minutes.',
    description: `\`url\` has a secret that is kept nowhere: show it as a QR code to who is to open it. At most ${STAFF_MOST} of a shop. \`FORBIDDEN\` on a server that has no secret to sign with.`,
    body: StaffAddSchema,
    status: 201,
    answer: z.object({
      member: StaffMemberSchema,
      url: z.string().describe('The link: who opens it first is signed in.'),
    }),
  },
  'DELETE /staff/:id': {
    auth: 'host',
    owner: true,
    summary:
      'Puts somebody out of the console: their token ends at once, and an unopened link too.',
    description: 'Again: no change. Connections that are open are cut within 15 seconds.',
    params: IdParams,
    answer: z.object({ removed: z.literal(true).describe('Always.') }),
  },
  'GET /changes': {
    auth: 'host',
    owner: true,
    summary: 'What hosts did, newest first: who, when, to what.',
    description:
      'Every accepted call of a host that changes something, kept 90 days, the newest 10,000. It is written before the change and taken back when that is refused, so none is missing after a crash. Bookings from comments are not among them.',
    query: PageQuerySchema,
    answer: pageOf(ChangeSchema),
  },
  'POST /staff/claim': {
    auth: 'none',
    summary: 'Opens a link: answers the token that the console works with.',
    description:
      'Once. `UNAUTHENTICATED` for a link that was opened, has run out or was taken back.',
    body: StaffClaimSchema,
    answer: z.object({
      token: z.string().describe('A host’s token for the console and for HTTP.'),
      member: StaffMemberSchema,
    }),
    errors: ['UNAUTHENTICATED'],
  },
} satisfies Endpoints;
