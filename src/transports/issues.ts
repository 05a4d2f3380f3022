import type { z } from 'zod';

/** `[{ path: 'order.ppnPercent', message }]`: what is wrong, and where; at most ten. */
export function issuesOf(error: z.ZodError): { path: string; message: string }[] {
  return error.issues.slice(0, 10).map((issue) => ({
    path: [
      ...issue.path,
      ...(issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []),
    ].join('.'),
    message: issue.message,
  }));
}
