import { z } from 'zod';
import { BookingSchema } from './booking.js';
import { type Endpoints, IdParams, pageOf } from './endpoint.js';
import { AuditSchema, BookingsQuerySchema, PageQuerySchema, ViewersQuerySchema } from './http.js';
import { LedgerEntrySchema, ViewerPatchSchema, ViewerSchema } from './viewer.js';

/** Bookings, viewers and the audit, for the host; and the viewer's own ledger. */
export const PEOPLE_ENDPOINTS = {
  'GET /bookings': {
    auth: 'host',
    summary:
      'Bookings: newest live first, newest booking first within it; of a viewer, newest first.',
    query: BookingsQuerySchema,
    answer: pageOf(BookingSchema),
  },
  'POST /bookings/:id/cancel': {
    auth: 'host',
    summary: 'Releases a held booking; it costs the viewer nothing.',
    params: IdParams,
    answer: z.object({ booking: BookingSchema }),
    errors: ['NOT_FOUND', 'BOOKING_NOT_HELD'],
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
    summary: 'Restricts a viewer, or lifts it.',
    params: IdParams,
    body: ViewerPatchSchema,
    answer: z.object({ viewer: ViewerSchema }),
    errors: ['NOT_FOUND'],
  },
  'GET /viewers/:id/reputation': {
    auth: 'host',
    summary: 'A viewer’s reputation ledger, newest first.',
    params: IdParams,
    query: PageQuerySchema,
    answer: pageOf(LedgerEntrySchema),
    errors: ['NOT_FOUND'],
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
    summary:
      'Recomputes stock, carts, reputations and orders from the records, and says what differs.',
    answer: AuditSchema,
  },
} satisfies Endpoints;
