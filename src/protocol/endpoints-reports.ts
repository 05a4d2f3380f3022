import { z } from 'zod';
import { type Endpoints, IdParams } from './endpoint.js';
import {
  LiveReportSchema,
  PeriodSchema,
  PeriodsCsvQuerySchema,
  PeriodsQuerySchema,
  ReportCsvQuerySchema,
} from './report.js';

const ARCHIVE =
  'From the archive, so it may be a second or two behind, and knows what has left Redis. `STORE_UNAVAILABLE` while the archive is away; `NOT_FOUND` with `details.archive: "none"` on a server that keeps none.';
const CSV =
  'UTF-8 with a byte order mark. What a spreadsheet would take for a formula begins with an apostrophe.';

/** What a shop's evenings, days and months came to. */
export const REPORT_ENDPOINTS = {
  'GET /reports/lives/:id': {
    auth: 'host',
    owner: true,
    slow: true,
    summary: 'What a live came to: units, money, who waited in vain, how soon it was paid.',
    description: ARCHIVE,
    params: IdParams,
    answer: z.object({ report: LiveReportSchema.describe('What it came to.') }),
    errors: ['NOT_FOUND'],
  },
  'GET /reports/lives/:id/items.csv': {
    auth: 'host',
    owner: true,
    summary: 'The items of a live’s report as a table for a spreadsheet.',
    description: CSV,
    params: IdParams,
    query: ReportCsvQuerySchema,
    answer: z.string(),
    contentType: 'text/csv',
    streams: true,
    errors: ['NOT_FOUND'],
  },
  'GET /reports/periods': {
    auth: 'host',
    owner: true,
    slow: true,
    summary:
      'What days or months came to, oldest first; those in which nothing happened are left out.',
    description: ARCHIVE,
    query: PeriodsQuerySchema,
    answer: z.object({ items: z.array(PeriodSchema).describe('One a day or month.') }),
    errors: ['NOT_FOUND'],
  },
  'GET /reports/periods.csv': {
    auth: 'host',
    owner: true,
    summary: 'The same as a table for a spreadsheet.',
    description: CSV,
    query: PeriodsCsvQuerySchema,
    answer: z.string(),
    contentType: 'text/csv',
    streams: true,
    errors: ['NOT_FOUND'],
  },
} satisfies Endpoints;
