import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type uPlot from 'uplot';
import type { Period, PeriodsQuery } from '../../../../src/protocol/report.js';
import { serverNow } from '../../shared/clock.js';
import { number, rupiah } from '../../shared/format.js';
import { locale } from '../../shared/i18n.js';
import { common } from '../../shared/messages.js';
import { currentTheme } from '../../shared/Preferences.js';
import { archiveErrorText } from '../messages/errors.js';
import { report } from '../messages/report.js';
import { href } from '../route.js';
import { api } from '../state/api.js';
import { Segments } from '../ui/Field.js';
import { CsvButton, PageHead } from '../ui/PageHead.js';

const WIB_MS = 7 * 3_600_000;
/** What is looked back on. */
const DAYS = 30;
const MONTHS = 12;

/** What the shop's last days, or months, came to. */
export function PeriodsPage() {
  const by = useSignal<PeriodsQuery['by']>('day');
  const rows = useSignal<Period[] | null>(null);
  const problem = useSignal<string | null>(null);
  const query = lastOf(by.value);
  useEffect(() => {
    let isOver = false;
    rows.value = null;
    void api.periods(lastOf(by.value)).then((outcome) => {
      if (isOver) return;
      problem.value = outcome.ok ? null : archiveErrorText(outcome.error);
      if (outcome.ok) rows.value = outcome.data.items;
    });
    return () => {
      isOver = true;
    };
  }, [by.value, rows, problem]);
  const known = rows.value;
  return (
    <>
      <PageHead title={report('periodsTitle')} lead={report('periodsLead')}>
        <Segments
          label={report('periodsBy')}
          value={by.value}
          options={[
            { value: 'day', label: report('byDay') },
            { value: 'month', label: report('byMonth') },
          ]}
          onChange={(next) => {
            by.value = next;
          }}
        />
        <CsvButton
          name={report('periodsCsv')}
          ask={(separator) => api.periodsCsv({ ...query, separator })}
        />
        <a class="button" href={href('lives')}>
          {report('back')}
        </a>
      </PageHead>
      {problem.value !== null && <p class="page-note">{problem.value}</p>}
      {known === null && problem.value === null && <p class="page-note">{common('loading')}</p>}
      {known?.length === 0 && <p class="page-note">{report('periodsEmpty')}</p>}
      {known !== null && known.length > 0 && (
        <div class="report">
          <PeriodsChart key={`${by.value}-${currentTheme()}-${locale.value}`} periods={known} />
          <PeriodTable periods={known} />
        </div>
      )}
    </>
  );
}

function lastOf(by: PeriodsQuery['by']): PeriodsQuery {
  const today = new Date(serverNow() + WIB_MS);
  const first = new Date(today);
  if (by === 'day') first.setUTCDate(today.getUTCDate() - (DAYS - 1));
  // Whole months: part of one would look like all of it.
  else first.setUTCMonth(today.getUTCMonth() - (MONTHS - 1), 1);
  const day = (at: Date) => at.toISOString().slice(0, 10);
  return { by, from: day(first), to: day(today) };
}

function PeriodTable({ periods }: { periods: Period[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section class="card report-table" tabIndex={0} aria-label={report('periodsTitle')}>
      <table class="numeric">
        <thead>
          <tr>
            <th scope="col">{report('period')}</th>
            <th scope="col">{report('orders')}</th>
            <th scope="col">{report('paidTotal')}</th>
            <th scope="col">{report('refunded')}</th>
            <th scope="col">{report('booked')}</th>
            <th scope="col">{report('lapsed')}</th>
            <th scope="col">{report('cancelled')}</th>
          </tr>
        </thead>
        <tbody>
          {periods.toReversed().map((one) => (
            <tr key={one.period} data-period={one.period}>
              <th scope="row">{one.period}</th>
              <td>{number(one.orders)}</td>
              <td>{rupiah(one.rupiah)}</td>
              <td>{rupiah(one.refunded)}</td>
              <td>{number(one.booked)}</td>
              <td>{number(one.lapsed)}</td>
              <td>{number(one.cancelled)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const HEIGHT = 260;

/** What was paid in each period, as bars. The library comes when a chart is first shown. */
function PeriodsChart({ periods }: { periods: Period[] }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    let plot: uPlot | undefined;
    let gone = false;
    const fit = new ResizeObserver(() => plot?.setSize(sizeOf(element)));
    void import('uplot').then(({ default: UPlot }) => {
      if (gone) return;
      const bars = UPlot.paths.bars?.({ size: [0.6, 80] });
      plot = new UPlot(optionsOf(element, periods, bars), dataOf(periods), element);
      fit.observe(element);
    });
    return () => {
      gone = true;
      fit.disconnect();
      plot?.destroy();
    };
  }, [periods]);
  const total = periods.reduce((sum, one) => sum + one.rupiah, 0);
  return (
    <section class="panel card" aria-label={report('paidTotal')}>
      <div
        ref={box}
        role="img"
        aria-label={report('periodsSummary', { total: rupiah(total), count: periods.length })}
      />
    </section>
  );
}

const dataOf = (periods: Period[]): uPlot.AlignedData => [
  periods.map((_, i) => i),
  periods.map((one) => one.rupiah),
];

function sizeOf(element: HTMLElement): { width: number; height: number } {
  return { width: Math.max(200, element.clientWidth), height: HEIGHT };
}

function optionsOf(
  element: HTMLElement,
  periods: Period[],
  bars: uPlot.Series.PathBuilder | undefined,
): uPlot.Options {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const axis = {
    stroke: colour('--ink-2'),
    ticks: { show: false },
    font: `12px ${style.fontFamily}`,
  };
  return {
    ...sizeOf(element),
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, range: [-0.5, periods.length - 0.5] },
      y: { range: (_plot, _low, high) => [0, Math.max(1, high * 1.08)] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        incrs: [1, 2, 5, 10, 20],
        values: (_plot, at) => at.map((i) => periods[i]?.period.slice(-5) ?? ''),
      },
      {
        ...axis,
        size: 84,
        grid: { stroke: colour('--line'), width: 1 },
        values: (_plot, sums) => sums.map((n) => number(n)),
      },
    ],
    series: [
      {},
      {
        stroke: colour('--bucket-sold-line'),
        fill: colour('--paid-fill'),
        ...(bars && { paths: bars }),
        points: { show: false },
      },
    ],
  };
}
