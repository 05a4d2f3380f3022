import { z } from 'zod';

const Moment = z.coerce.number().int().min(0);

/** Which records, made when. */
export const ExportQuerySchema = z.object({
  kind: z
    .enum(['orders', 'bookings', 'ledger', 'events'])
    .describe(
      'Lines are as in `GET /orders`, `GET /bookings`, `GET /events`; of the ledger as in `GET /viewers/:id/reputation`, with `viewerId`.',
    ),
  from: Moment.default(0).meta({
    'x-unit': 'ms',
    description: 'Made then or later, epoch ms [everything].',
  }),
  to: Moment.optional().meta({ 'x-unit': 'ms', description: 'Made before then, epoch ms [now].' }),
});
export type ExportQuery = z.infer<typeof ExportQuerySchema>;
