import { useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type uPlot from 'uplot';
import { serverNow } from '../../shared/clock.js';
import { number } from '../../shared/format.js';
import { locale } from '../../shared/i18n.js';
import { currentTheme } from '../../shared/theme.js';
import { cockpit } from '../messages/cockpit.js';
import { seriesBetween, totals } from './activity.js';
import { chartOptions } from './chartOptions.js';
import { live } from './room.js';

/** A chart that moves more often tells nobody more. */
const REDRAW_MS = 1_000;
/** A live that has just begun is not stretched over the whole width. */
const LEAST_SPAN_MS = 60_000;

/** Bookings, releases and payments over the live, as running totals. */
export function ActivityChart() {
  const started = live.value?.startedAt;
  const last = totals.value;
  return (
    <section class="panel chart-panel card" aria-labelledby="chart-title">
      <div class="panel-head">
        <h2 id="chart-title">{cockpit('chartTitle')}</h2>
        <ul class="chart-legend numeric">
          <li class="legend-booked">
            {cockpit('chartBookings')} <b>{number(last.booked)}</b>
          </li>
          <li class="legend-released">
            {cockpit('chartReleases')} <b>{number(last.released)}</b>
          </li>
          <li class="legend-paid">
            {cockpit('chartPaid')} <b>{number(last.paid)}</b>
          </li>
        </ul>
      </div>
      {started === undefined ? (
        <p class="panel-empty">{cockpit('chartEmpty')}</p>
      ) : (
        <Plot
          key={`${started}-${currentTheme()}-${locale.value}`}
          label={cockpit('chartSummary', {
            bookings: number(last.booked),
            releases: number(last.released),
            paid: number(last.paid),
          })}
        />
      )}
    </section>
  );
}

function data(): uPlot.AlignedData {
  const now = serverNow();
  const from = live.peek()?.startedAt ?? now;
  const to = Math.max(from + LEAST_SPAN_MS, live.peek()?.endedAt ?? now);
  const { at, booked, released, paid } = seriesBetween(from, to);
  return [at, booked, released, paid];
}

/** The library comes when a chart is first shown, so that the cockpit does not wait for it. */
function Plot({ label }: { label: string }) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    let gone = false;
    const fit = new ResizeObserver(() => plot.current?.setSize(sizeOf(element)));
    void import('uplot').then(({ default: UPlot }) => {
      if (gone) return;
      plot.current = new UPlot(chartOptions(sizeOf(element), element), data(), element);
      fit.observe(element);
    });
    const timer = setInterval(() => {
      if (live.peek()?.status === 'live') plot.current?.setData(data());
    }, REDRAW_MS);
    return () => {
      gone = true;
      clearInterval(timer);
      fit.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, []);
  useSignalEffect(() => {
    const any = totals.value.booked > 0;
    if (any && live.peek()?.status !== 'live') plot.current?.setData(data());
  });
  return <div ref={box} class="chart" role="img" aria-label={label} />;
}

function sizeOf(element: HTMLElement): { width: number; height: number } {
  return { width: Math.max(200, element.clientWidth), height: Math.max(120, element.clientHeight) };
}
