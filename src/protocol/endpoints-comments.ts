import { z } from 'zod';
import { AnsweredOutcomeSchema, CommentCreateSchema } from './comment.js';
import type { Endpoints } from './endpoint.js';

/** Comments from where the live is shown. */
export const COMMENT_ENDPOINTS = {
  'POST /comments': {
    auth: 'host',
    unrecorded: true,
    summary: 'Books what a comment on TikTok or Instagram asks for, for who wrote it.',
    description:
      'Reads codes and quantities in the words of Indonesian viewers: "keep A1 2", "mau A1, B3", "A1 M 2pcs", "+1 A1". Questions, prices, cancels and talk book nothing. The writer is the viewer of the handle `source:authorId`, made when there is none, and is judged as if they booked themselves; when an item is sold out they wait, if the shop has waiting lines. The same `source` and `commentId` gives the first outcome again, for 48 hours.',
    body: CommentCreateSchema,
    answer: z.object({
      outcomes: z
        .array(AnsweredOutcomeSchema)
        .describe('What it came to, for each item that it names.'),
      claimUrl: z
        .string()
        .optional()
        .describe(
          'Signs the writer in on their own phone for 24 hours, once they asked for something.',
        ),
    }),
    errors: ['NOT_FOUND'],
  },
} satisfies Endpoints;
