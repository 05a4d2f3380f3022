import { z } from 'zod';
import { OrdersCsvQuerySchema } from './http.js';
import { ItemIdSchema, LiveIdSchema } from './ids.js';
import { CountSchema, RupiahSchema, StockSchema, TimeSchema } from './units.js';

const Units = {
  booked: StockSchema.describe(
    'All that was booked, whatever became of it; without units given back in part.',
  ),
  paid: StockSchema.describe('Booked, paid and not put back into stock.'),
  lapsed: StockSchema.describe('Let run out, as a booking or an order.'),
  cancelled: StockSchema.describe('Given back, by the viewer or the host, also after it was paid.'),
};
const Goods = RupiahSchema.describe(
  'For the goods that were paid and not refunded, without PPN on top and fees.',
);
const Waited = CountSchema.describe(
  'Who still stood in the line at the end: what could have been sold besides.',
);
const Seconds = z.number().min(0).nullable().meta({ 'x-unit': 'seconds' });

export const ItemReportSchema = z.object({
  itemId: ItemIdSchema,
  code: z.string().describe('The item’s code when it was booked last.'),
  name: z.string().describe('The item’s name when it was booked last.'),
  ...Units,
  rupiah: Goods,
  waiting: Waited,
});
export type ItemReport = z.infer<typeof ItemReportSchema>;

export const LiveReportSchema = z.object({
  liveId: LiveIdSchema,
  startedAt: TimeSchema.optional().describe('When it was started last.'),
  endedAt: TimeSchema.optional().describe('When it was ended last.'),
  buyers: CountSchema.describe('Viewers who have paid.'),
  orders: CountSchema.describe('Orders that were paid and not refunded.'),
  ...Units,
  rupiah: Goods,
  waiting: Waited,
  timeToPay: z
    .object({
      median: Seconds.describe('Half of the paid orders took no longer; null without any.'),
      slow: Seconds.describe('Nine in ten took no longer; null without any.'),
    })
    .describe('From placing to paying.'),
  late: z
    .object({
      payments: CountSchema.describe('Payments that came after their order had ended.'),
      rupiah: RupiahSchema.describe('What came in by them, met from stock or owed back.'),
    })
    .describe('Money that came late.'),
  items: z.array(ItemReportSchema).describe('Those that were booked, most rupiah first.'),
});
export type LiveReport = z.infer<typeof LiveReportSchema>;

const Day = z.iso.date().describe('`2026-11-26`, by the clock of Western Indonesia (WIB).');

export const PeriodsQuerySchema = z.strictObject({
  by: z.enum(['day', 'month']).default('day').describe('How long a row is.'),
  from: Day.describe('The first day.'),
  to: Day.describe('The last day.'),
});
export type PeriodsQuery = z.infer<typeof PeriodsQuerySchema>;

const Separator = OrdersCsvQuerySchema.pick({ separator: true });
export const ReportCsvQuerySchema = z.strictObject(Separator.shape);
export const PeriodsCsvQuerySchema = PeriodsQuerySchema.extend(Separator.shape);

export const PeriodSchema = z.object({
  period: z.string().describe('`2026-11-26` or `2026-11`, by WIB.'),
  orders: CountSchema.describe('Orders paid then and not refunded since.'),
  rupiah: RupiahSchema.describe('Their totals.'),
  ppn: RupiahSchema.describe('The PPN in or on top of them.'),
  refunded: RupiahSchema.describe(
    'Paid back then, whenever it came in. Not to be taken off `rupiah`, in which no refunded order is.',
  ),
  booked: StockSchema.describe('Units booked then, whatever became of them.'),
  lapsed: StockSchema.describe('Units of these that ran out.'),
  cancelled: StockSchema.describe('Units of these that were given back.'),
});
export type Period = z.infer<typeof PeriodSchema>;
