import { z } from 'zod';
import {
  BOOKING_REFUSALS,
  BookingRestoreSchema,
  BookingSchema,
  HostBookingCreateSchema,
} from './booking.js';
import { type Endpoints, IdParams, pageOf } from './endpoint.js';
import { AuditSchema, BookingsQuerySchema, PageQuerySchema, ViewersQuerySchema } from './http.js';
import { LiveIdSchema, ViewerIdSchema } from './ids.js';
import { ItemViewSchema } from './item.js';
import { PersonExportSchema } from './person.js';
import { HostBookingSchema } from './snapshot.js';
import { TimeSchema } from './units.js';
import {
  LedgerEntrySchema,
  ReputationCorrectionSchema,
  ViewerBriefSchema,
  ViewerLinkOpenSchema,
  ViewerPatchSchema,
  ViewerSchema,
} from './viewer.js';
import { WaitlistEntrySchema } from './waitlist.js';

/** Bookings, viewers and the audit, for the host; and the viewer's own ledger. */
export const PEOPLE_ENDPOINTS = {
  'GET /bookings': {
    auth: 'host',
    summary:
      'Bookings: newest live first, newest booking first within it; of a viewer or an item, newest first.',
    query: BookingsQuerySchema,
    answer: pageOf(HostBookingSchema),
  },
  'POST /bookings/:id/cancel': {
    auth: 'host',
    summary: 'Releases a held booking; it costs the viewer nothing.',
    params: IdParams,
    answer: z.object({ booking: BookingSchema }),
    errors: ['NOT_FOUND', 'BOOKING_NOT_HELD'],
  },
  'POST /bookings/:id/restore': {
    auth: 'host',
    summary:
      'Holds an ended booking again for a full booking timeout; what its end cost the viewer comes back.',
    params: IdParams,
    body: BookingRestoreSchema,
    answer: z.object({ booking: BookingSchema }),
    errors: [
      'NOT_FOUND',
      'BOOKING_NOT_HELD',
      'INSUFFICIENT_STOCK',
      'MAX_BOOKINGS',
      'REQUEST_CONFLICT',
    ],
  },
  'POST /bookings': {
    auth: 'host',
    summary: 'Books for somebody, who is found by id, else by handle, else made.',
    description:
      'Judged like a booking of the viewer’s own. `claimUrl` signs that viewer in on their own phone and ends after 24 hours; it is absent on a server that has no secret to sign with.',
    status: 201,
    body: HostBookingCreateSchema,
    answer: z.object({
      booking: BookingSchema,
      item: ItemViewSchema,
      viewer: ViewerBriefSchema,
      claimUrl: z
        .string()
        .optional()
        .describe('Signs that viewer in on their own phone, for 24 hours.'),
    }),
    errors: ['NOT_FOUND', 'REQUEST_CONFLICT', ...BOOKING_REFUSALS],
  },
  'GET /items/:id/waitlist': {
    auth: 'host',
    summary: 'The entries that wait for an item, in the order of their tickets.',
    params: IdParams,
    query: PageQuerySchema,
    answer: pageOf(WaitlistEntrySchema.extend({ viewer: ViewerBriefSchema })),
    errors: ['NOT_FOUND'],
  },
  'GET /viewers': {
    auth: 'host',
    summary: 'Viewers by reputation, highest first.',
    description:
      'A viewer whose reputation falls past the place while you page comes once more, with the new one; one who rises past it does not come.',
    query: ViewersQuerySchema,
    answer: pageOf(ViewerSchema),
  },
  'PATCH /viewers/:id': {
    auth: 'host',
    summary: 'Restricts a viewer, or lifts it; `release` lets go of what they hold and wait for.',
    params: IdParams,
    body: ViewerPatchSchema,
    answer: z.object({ viewer: ViewerSchema }),
    errors: ['NOT_FOUND'],
  },
  'GET /viewers/:id/export': {
    auth: 'host',
    owner: true,
    slow: true,
    summary: 'All that is kept of a person, for whoever asks what is known of them.',
    params: IdParams,
    answer: PersonExportSchema,
    errors: ['NOT_FOUND'],
  },
  'DELETE /viewers/:id': {
    auth: 'host',
    owner: true,
    slow: true,
    summary: 'Erases a person: what is left names an id alone.',
    description:
      'Name, handles, recipients, notes, comments and links are gone from the records, the event stream and the archive; bookings, orders’ sums, invoice numbers, the ledger and the audit stay as they are, of the id. `VIEWER_BUSY` while they hold bookings, have an order to pay or money to get back (`details` says how many). Places in line are given up. Safe to repeat, also when it was cut short. Who comes back with the same id is known again with their next booking or place in line.',
    params: IdParams,
    answer: z.object({ erased: z.literal(true).describe('Always.') }),
    errors: ['NOT_FOUND', 'VIEWER_BUSY'],
  },
  'POST /viewers/:id/reputation': {
    auth: 'host',
    summary: 'Corrects a reputation within 0 and 100; the reason stands in the ledger.',
    params: IdParams,
    body: ReputationCorrectionSchema,
    answer: z.object({ viewer: ViewerSchema }),
    errors: ['NOT_FOUND', 'REQUEST_CONFLICT'],
  },
  'GET /viewers/:id/reputation': {
    auth: 'host',
    summary: 'A viewer’s reputation ledger, newest first.',
    params: IdParams,
    query: PageQuerySchema,
    answer: pageOf(LedgerEntrySchema),
    errors: ['NOT_FOUND'],
  },
  'POST /me/link': {
    auth: 'viewer',
    status: 201,
    summary: 'A link that signs the viewer in on another device: once, within 24 hours.',
    description:
      '`url` has a secret that is kept nowhere. One of a viewer works at a time: a new one ends the one before. For who was signed in by this server, as guests are; others sign in where their token is from, and get `FORBIDDEN` with `details.reason: "token"`.',
    body: z.strictObject({ liveId: LiveIdSchema }),
    answer: z.object({
      url: z.string().describe('To be opened on the other device.'),
      endsAt: TimeSchema.describe('Until when it can be opened.'),
    }),
    errors: ['FORBIDDEN'],
  },
  'POST /me/link/open': {
    auth: 'none',
    summary: 'Opens a viewer’s link: answers a token of that viewer, for 30 days.',
    description:
      '`UNAUTHENTICATED` for a link that was opened, has run out, or was followed by a newer one.',
    body: ViewerLinkOpenSchema,
    answer: z.object({
      token: z.string().describe('Signs the viewer in, on sockets and over HTTP.'),
      viewerId: ViewerIdSchema,
    }),
    errors: ['UNAUTHENTICATED'],
  },
  'GET /me/reputation': {
    auth: 'viewer',
    summary: 'The viewer’s own reputation ledger, newest first.',
    query: PageQuerySchema,
    answer: pageOf(LedgerEntrySchema),
    errors: ['NOT_FOUND'],
  },
  'GET /audit': {
    auth: 'host',
    slow: true,
    summary:
      'Recomputes stock, carts, reputations and orders from the records, and says what differs.',
    answer: AuditSchema,
  },
} satisfies Endpoints;
