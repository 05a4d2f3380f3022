import { useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type uPlot from 'uplot';
import type { Live } from '../../../../src/protocol/live.js';
import { serverNow } from '../../shared/clock.js';
import { number, time } from '../../shared/format.js';
import { locale } from '../../shared/i18n.js';
import { currentTheme } from '../../shared/Preferences.js';
import { report } from '../messages/report.js';
import { seriesBetween, type Totals, totals } from '../state/activity.js';

/** A chart that moves more often says no more. */
const REDRAW_MS = 1_000;
/** A live that has just begun is not stretched over the whole width. */
const LEAST_SPAN_MS = 60_000;

/** Bookings, releases and payments over a live, as running totals. */
export function ActivityChart({ live, totals: last }: { live: Live; totals: Totals }) {
  return (
    <section class="panel chart-panel card" aria-labelledby="chart-title">
      <div class="panel-head">
        <h2 id="chart-title">{report('chartTitle')}</h2>
        <ul class="chart-legend numeric">
          <li class="legend-booked">
            {report('chartBookings')} <b>{number(last.booked)}</b>
          </li>
          <li class="legend-released">
            {report('chartReleases')} <b>{number(last.released)}</b>
          </li>
          <li class="legend-paid">
            {report('chartPaid')} <b>{number(last.paid)}</b>
          </li>
        </ul>
      </div>
      {live.startedAt === undefined || last.booked === 0 ? (
        <p class="panel-empty">{report('chartEmpty')}</p>
      ) : (
        <Plot
          key={`${live.status}-${currentTheme()}-${locale.value}`}
          live={live}
          label={report('chartSummary', {
            bookings: number(last.booked),
            releases: number(last.released),
            paid: number(last.paid),
          })}
        />
      )}
    </section>
  );
}

function dataOf(live: Live): uPlot.AlignedData {
  const now = serverNow();
  const from = live.startedAt ?? now;
  const to = Math.max(from + LEAST_SPAN_MS, live.endedAt ?? now);
  const { at, booked, released, paid } = seriesBetween(from, to);
  return [at, booked, released, paid];
}

/** The library comes when a chart is first shown. */
function Plot({ live, label }: { live: Live; label: string }) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    let gone = false;
    const fit = new ResizeObserver(() => plot.current?.setSize(sizeOf(element)));
    void import('uplot').then(({ default: UPlot }) => {
      if (gone) return;
      plot.current = new UPlot(chartOptions(sizeOf(element), element), dataOf(live), element);
      fit.observe(element);
    });
    const timer = setInterval(() => {
      if (live.status === 'live') plot.current?.setData(dataOf(live));
    }, REDRAW_MS);
    return () => {
      gone = true;
      clearInterval(timer);
      fit.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [live]);
  useSignalEffect(() => {
    if (totals.value !== null && live.status !== 'live') plot.current?.setData(dataOf(live));
  });
  return <div ref={box} class="chart" role="img" aria-label={label} />;
}

function sizeOf(element: HTMLElement): { width: number; height: number } {
  return { width: Math.max(200, element.clientWidth), height: Math.max(120, element.clientHeight) };
}

/** Whole units only: half a booking on an axis would be nonsense. */
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000];

/** Whole minutes, as the labels have no seconds. */
const TIME_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360].map((minutes) => minutes * 60);

/** The look of the chart, in the colours of the theme; lines differ by dash as well as by colour. */
function chartOptions(size: { width: number; height: number }, themed: HTMLElement): uPlot.Options {
  const style = getComputedStyle(themed);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const axis = {
    stroke: colour('--ink-2'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
    font: `12px ${style.fontFamily}`,
  };
  const line = (name: string, dash?: number[]): uPlot.Series => ({
    stroke: colour(name),
    width: 2.5,
    points: { show: false },
    ...(dash === undefined ? {} : { dash }),
  });
  return {
    ...size,
    legend: { show: false },
    cursor: { show: false },
    padding: [8, 4, 0, 0],
    scales: {
      x: { time: true },
      y: { range: (_plot, _low, high) => [0, Math.max(5, high * 1.08)] },
    },
    axes: [
      {
        ...axis,
        size: 24,
        space: 70,
        incrs: TIME_STEPS,
        values: (_plot, at) => at.map((s) => time(s * 1000)),
      },
      {
        ...axis,
        size: 44,
        space: 44,
        incrs: STEPS,
        values: (_plot, units) => units.map((n) => number(n)),
      },
    ],
    series: [
      {},
      line('--bucket-booked'),
      line('--line-released', [3, 5]),
      { ...line('--bucket-sold-line', [10, 4]), fill: colour('--paid-fill') },
    ],
  };
}
