import { z } from 'zod';
import { IdSchema } from './ids.js';
import { lineSchema } from './text.js';
import { TimeSchema } from './units.js';

const StaffRoleSchema = z
  .enum(['owner', 'helper'])
  .describe(
    'What they may do: everything, or all of a live night without what is the owner’s alone.',
  );
const Name = lineSchema(64).describe('As it stands beside what they do.');

export const StaffMemberSchema = z
  .object({
    staffId: IdSchema.describe('The `sub` of what they do.'),
    name: z.string().describe('As it stands beside what they do.'),
    staff: StaffRoleSchema,
    at: TimeSchema.describe('When they were let in.'),
    by: z.string().describe('`sub` of the host who did.'),
    byName: z.string().optional().describe('`name` of that host’s token.'),
    linkEndsAt: TimeSchema.describe('Until when the link can be opened.'),
    signedInAt: TimeSchema.optional().describe('Absent while the link has not been opened.'),
    endsAt: TimeSchema.optional().describe('When their sign-in ends.'),
  })
  .describe('Somebody whom the owner has let into the console by a link.');
export type StaffMember = z.infer<typeof StaffMemberSchema>;

export const StaffAddSchema = z.strictObject({
  name: Name,
  staff: StaffRoleSchema,
  hours: z.number().min(1).max(720).default(12).meta({
    'x-unit': 'hours',
    description: 'How long the sign-in lasts, from when the link is opened.',
  }),
});
export type StaffAdd = z.infer<typeof StaffAddSchema>;

/** What a host did: who, when, to what. What it was changed to is kept where it is. */
export const ChangeSchema = z.object({
  changeId: IdSchema.describe('The entry.'),
  at: TimeSchema.describe('When.'),
  by: z.string().describe('`sub` of the host.'),
  name: z.string().optional().describe('`name` of the host’s token.'),
  call: z.string().describe('As in this reference: `PATCH /orders/:id`.'),
  id: z.string().optional().describe('Of what was changed.'),
  fields: z
    .array(z.string())
    .optional()
    .describe('Names of what was given, such as `order.ppnPercent`; absent when nothing was.'),
});
export type Change = z.infer<typeof ChangeSchema>;

export const StaffClaimSchema = z.strictObject({
  code: z
    .string()
    .regex(/^[\w-]{1,64}\.[\w-]{1,128}\.[\w-]{1,128}$/, 'must be the code of a link')
    .describe('What follows `#link=` in the link.'),
});
