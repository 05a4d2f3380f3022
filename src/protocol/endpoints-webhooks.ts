import { z } from 'zod';
import { type Endpoints, IdParams, pageOf } from './endpoint.js';
import { ExportQuerySchema, PageQuerySchema } from './http.js';
import {
  EventIdSchema,
  EventsAnswerSchema,
  EventsQuerySchema,
  WebhookCreateSchema,
  WebhookDeliverySchema,
  WebhookPatchSchema,
  WebhookSchema,
} from './webhook.js';

const WithSecret = z.object({
  webhook: WebhookSchema.extend({
    secret: z.string().optional().describe('`whsec_…`: shown this once, when it was made.'),
  }).describe('The webhook.'),
});

/** Other systems that are notified of what happens in the shop. */
export const WEBHOOK_ENDPOINTS = {
  'GET /events': {
    auth: 'host',
    slow: true,
    summary: 'What happened in the shop, in order.',
    description:
      'For a system that asks instead of being called: keep `nextCursor` together with what you made of the events, and none is missed or counted twice. Kept for 30 days from the first time that somebody asks; what happened before that comes from the archive, and without one as far as it is there (about 10,000 commits). `stock.changed` of an item comes at most once a second: a change at once, and what follows within a second together after it.',
    query: EventsQuerySchema,
    answer: EventsAnswerSchema,
  },
  'GET /export': {
    auth: 'host',
    owner: true,
    summary: 'Records of the shop, one a line as JSON.',
    description:
      'Streamed: it takes as long as it takes, and no more memory for a million lines. Orders and bookings newest first, events oldest first, the ledger viewer by viewer. One that is cut off has no end of its last line, or ends without the end of the chunked answer: ask again.',
    query: ExportQuerySchema,
    answer: z.string(),
    contentType: 'application/x-ndjson',
    streams: true,
  },
  'GET /webhooks': {
    auth: 'host',
    owner: true,
    summary: 'The webhooks of the shop, newest first, all in one page.',
    answer: pageOf(WebhookSchema),
  },
  'POST /webhooks': {
    auth: 'host',
    owner: true,
    summary: 'Sends what happens from now on to an address, signed as Standard Webhooks say.',
    description:
      'In the order in which it happened for each order and booking; at least once, so go by `webhook-id`. What is not answered with a 2xx status within 10 s is sent again, after half a second and then ever later up to an hour, for three days; then the webhook is switched off. At most 10 of a shop. Addresses of private networks are never called; https alone. `FORBIDDEN` on a server without `AUTH_SECRET`, which secrets are kept with.',
    body: WebhookCreateSchema,
    status: 201,
    answer: WithSecret,
  },
  'PATCH /webhooks/:id': {
    auth: 'host',
    owner: true,
    summary: 'Changes a webhook, switches it off or on again, or makes a new secret.',
    description:
      'Switched on again it goes on where it stopped, as far as that is still kept (four days).',
    params: IdParams,
    body: WebhookPatchSchema,
    answer: WithSecret,
    errors: ['NOT_FOUND'],
  },
  'DELETE /webhooks/:id': {
    auth: 'host',
    owner: true,
    summary: 'Takes a webhook away, with what was kept of its deliveries.',
    params: IdParams,
    answer: z.object({ removed: z.literal(true).describe('Always.') }),
    errors: ['NOT_FOUND'],
  },
  'GET /webhooks/:id/deliveries': {
    auth: 'host',
    owner: true,
    summary: 'Every attempt of a week, newest first, with its answer; at most 10,000.',
    params: IdParams,
    query: PageQuerySchema,
    answer: pageOf(WebhookDeliverySchema),
    errors: ['NOT_FOUND'],
  },
  'POST /webhooks/:id/replay': {
    auth: 'host',
    owner: true,
    summary: 'Sends again all that came after an event, as far as it is still kept (four days).',
    params: IdParams,
    body: z.strictObject({ after: EventIdSchema.describe('`id` of an event; `0-0` for all.') }),
    answer: z.object({ webhook: WebhookSchema }),
    errors: ['NOT_FOUND'],
  },
} satisfies Endpoints;
