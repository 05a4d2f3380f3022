import type { z } from 'zod';

/** What is wrong, and where: `order.ppnPercent`. Of a list of rows also in which, counted from 0. */
interface Issue {
  path: string;
  message: string;
  line?: number;
}

/** At most ten; of a list of rows ten of each row, so that nobody has to send a thousand rows ten times. */
export function issuesOf(error: z.ZodError): Issue[] {
  const told = new Map<number | undefined, number>();
  return error.issues.flatMap((issue) => {
    const line = typeof issue.path[1] === 'number' ? issue.path[1] : undefined;
    const count = (told.get(line) ?? 0) + 1;
    told.set(line, count);
    if (count > 10) return [];
    const keys = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
    const path = [...issue.path, ...keys].join('.');
    return [{ path, message: issue.message, ...(line === undefined ? {} : { line }) }];
  });
}
