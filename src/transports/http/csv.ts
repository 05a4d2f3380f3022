import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import type { Response } from 'express';

/**
 * Rows as a table that Excel opens: UTF-8 with BOM. A cell that a spreadsheet would take for a formula gets an apostrophe in
 * front: names are written by strangers.
 */
export async function sendCsv(
  response: Response,
  { name, columns, separator }: { name: string; columns: string[]; separator: ',' | ';' },
  rows: AsyncIterable<unknown[]> | Iterable<unknown[]>,
): Promise<undefined> {
  response.type('text/csv; charset=utf-8');
  response.attachment(name);
  const table = stringify({
    bom: true,
    header: true,
    columns,
    delimiter: separator,
    escape_formulas: true,
    record_delimiter: 'windows',
    // It quotes the record's delimiter only; a bare line feed in a name would end the row as well.
    quoted_match: /[\r\n]/,
    cast: { number: (value) => (separator === ';' ? String(value).replace('.', ',') : `${value}`) },
  });
  await pipeline(rows, table, response);
  return undefined;
}
