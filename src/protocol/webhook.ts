import { z } from 'zod';
import { PageQuerySchema } from './http.js';
import { IdSchema } from './ids.js';
import { PUBLIC_EVENT_TYPES } from './public-event-types.js';
import { TimeSchema } from './units.js';

const PublicEventTypeSchema = z.enum(PUBLIC_EVENT_TYPES).describe('What happened.');

/** What happened in the shop, for the merchant's own system. */
export interface PublicEvent {
  /** The same however often it is sent. */
  id: string;
  type: z.infer<typeof PublicEventTypeSchema>;
  at: number;
  /** The record by its name, and `viewer` where it is somebody's. */
  data: Record<string, unknown>;
}

export const EventIdSchema = z
  .string()
  .overwrite((text) => (text === '0' ? '0-0' : text))
  .regex(/^\d{1,16}-\d{1,16}(?:-\d{1,6})?$/, 'must be the id of an event')
  .describe('An event.');

const Url = z
  .url({ protocol: /^https?$/, error: 'must be an https URL' })
  .max(2_000)
  .refine((text) => !/^https?:\/\/[^/?#]*@/.test(text), 'must not have a password in it')
  .describe('Where events are posted, an https address.');
const Types = z
  .array(PublicEventTypeSchema)
  .min(1)
  .max(PUBLIC_EVENT_TYPES.length)
  .describe('What is sent.');

export const WebhookSchema = z
  .object({
    webhookId: IdSchema.describe('The webhook.'),
    url: z.string().describe('Where events are posted.'),
    types: z.array(PublicEventTypeSchema).describe('What is sent.'),
    status: z.enum(['active', 'off']).describe('`off`: nothing is sent.'),
    reason: z.string().optional().describe('Why the server has switched it off.'),
    failingSince: TimeSchema.optional().describe(
      'Since when its next event could not be delivered.',
    ),
    createdAt: TimeSchema.describe('When it was made.'),
  })
  .describe('An address that is notified of what happens in the shop.');
export type Webhook = z.infer<typeof WebhookSchema>;

export const WebhookCreateSchema = z.strictObject({
  url: Url,
  types: Types.optional().describe('All of them when it is left out.'),
});
export type WebhookCreate = z.infer<typeof WebhookCreateSchema>;

export const WebhookPatchSchema = z.strictObject({
  url: Url.optional(),
  types: Types.optional(),
  status: WebhookSchema.shape.status.optional(),
  rotateSecret: z
    .literal(true)
    .optional()
    .describe('Makes a new secret; for a day what is sent is signed with the old one, too.'),
});
export type WebhookPatch = z.infer<typeof WebhookPatchSchema>;

export const WebhookDeliverySchema = z.object({
  eventId: z.string().describe('`id` of the event.'),
  type: PublicEventTypeSchema,
  at: TimeSchema.describe('Of the attempt.'),
  ok: z.boolean().describe('Answered with a 2xx status.'),
  status: z.int().optional().meta({ 'x-unit': 'HTTP status', description: 'Of the answer.' }),
  error: z.string().optional().describe('Why there was no answer.'),
  answer: z.string().optional().describe('Its first 500 characters.'),
  tookMs: z.int().min(0).meta({ 'x-unit': 'ms', description: 'How long the answer took.' }),
});
export type WebhookDelivery = z.infer<typeof WebhookDeliverySchema>;

const TypeList = z
  .string()
  .max(1_000)
  .transform((text) => text.split(','))
  .pipe(z.array(PublicEventTypeSchema).min(1));

export const EventsQuerySchema = z.strictObject({
  after: EventIdSchema.default('0-0').describe(
    '`nextCursor` of the answer before, or `id` of an event; from the oldest kept one with `0` or without.',
  ),
  types: TypeList.optional().describe('Types, separated by commas; all of them without.'),
  limit: PageQuerySchema.shape.limit,
  wait: z.coerce.number().min(0).max(25).default(0).meta({
    'x-unit': 'seconds',
    description: 'How long the answer is held until there is an event.',
  }),
});
export type EventsQuery = z.output<typeof EventsQuerySchema>;

export const EventsAnswerSchema = z.object({
  items: z
    .array(
      z.object({
        id: EventIdSchema.describe('The same however often it is read, also as `webhook-id`.'),
        type: PublicEventTypeSchema,
        at: TimeSchema.describe('When it happened.'),
        data: z
          .record(z.string(), z.unknown())
          .describe('The record by its name, and `viewer` where it is somebody’s.'),
      }),
    )
    .describe('In the order in which they happened.'),
  nextCursor: z.string().describe('`after` of the next call, also when nothing has happened.'),
});
export type EventsAnswer = z.infer<typeof EventsAnswerSchema>;
