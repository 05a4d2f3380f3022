import { z } from 'zod';

/** The first word of whoever joins. */
export const Greeting = z.object({
  version: z.number(),
  key: z.string().max(200),
  processes: z.int().min(1).max(64),
});

/** The coordinator's answer: the server that will be loaded, or why not. */
export const Reception = z.union([
  z.object({ refused: z.string() }),
  z.object({ target: z.string() }),
]);

/** A part is ready to be given work, or will not take any. */
export const Consent = z.union([
  z.object({ declined: z.string() }),
  z.object({ ready: z.literal(true) }),
]);

/** What a coordinator may ask of a process. Its other methods write files. */
const LENT = [
  'prepare',
  'arrive',
  'act',
  'progress',
  'untilLastDeadline',
  'lookBack',
  'page',
  'recorded',
  'seconds',
] as const;

/** From the coordinator: a call of one of the machine's processes, a look at its clock, or the end, with the reason when nothing came of it. */
export const Order = z.union([
  z.object({
    id: z.number(),
    process: z.int().min(0),
    method: z.enum(LENT),
    args: z.array(z.unknown()),
  }),
  z.object({ id: z.number(), clock: z.literal(true) }),
  z.object({ over: z.literal(true), why: z.string().optional() }),
]);

/** What came of a call. */
export const Result = z.object({
  id: z.number(),
  result: z.unknown().optional(),
  error: z.string().optional(),
});
