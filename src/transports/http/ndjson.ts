import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';

/**
 * Rows as JSON, one a line, read as fast as the client takes them. One that fails in the middle is cut off, so it is never
 * taken for whole; before its first row it is answered with an error.
 */
export async function sendNdjson(
  response: Response,
  rows: AsyncGenerator<object>,
): Promise<undefined> {
  const first = await rows.next();
  response.type('application/x-ndjson');
  await pipeline(Readable.from(lines(first, rows)), response);
  return undefined;
}

async function* lines(
  first: IteratorResult<object>,
  rows: AsyncGenerator<object>,
): AsyncGenerator<string> {
  for (let row = first; !row.done; row = await rows.next()) yield `${JSON.stringify(row.value)}\n`;
}
