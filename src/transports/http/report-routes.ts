import type { Response, Router } from 'express';
import { REPORT_ENDPOINTS } from '../../protocol/endpoints-reports.js';
import { ItemReportSchema, PeriodSchema } from '../../protocol/report.js';
import type { Services } from '../services.js';
import { sendCsv } from './csv.js';
import { type Gate, serve } from './routes.js';

/** What a shop's evenings, days and months came to. */
export function reportRoutes(router: Router, gate: Gate, { reports }: Services): void {
  serve(router, gate, REPORT_ENDPOINTS, {
    'GET /reports/lives/:id': async ({ identity: { shopId }, params }) => ({
      report: await reports.live(shopId, params.id),
    }),
    'GET /reports/lives/:id/items.csv': async ({ identity, params, query, response }) => {
      const { items } = await reports.live(identity.shopId, params.id);
      return table(response, 'live.csv', ItemReportSchema.keyof().options, query, items);
    },
    'GET /reports/periods': async ({ identity: { shopId }, query }) => ({
      items: await reports.periods(shopId, query),
    }),
    'GET /reports/periods.csv': async ({ identity, query: { separator, ...query }, response }) => {
      const rows = await reports.periods(identity.shopId, query);
      return table(response, 'periods.csv', PeriodSchema.keyof().options, { separator }, rows);
    },
  });
}

function table<Name extends string>(
  response: Response,
  name: string,
  columns: Name[],
  { separator }: { separator: ',' | ';' },
  rows: Record<Name, unknown>[],
): Promise<undefined> {
  const cells = rows.map((row) => columns.map((column) => row[column]));
  return sendCsv(response, { name, columns, separator }, cells);
}
