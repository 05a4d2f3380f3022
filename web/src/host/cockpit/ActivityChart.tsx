import { useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type uPlot from 'uplot';
import { serverNow } from '../../shared/clock.js';
import { number } from '../../shared/format.js';
import { locale } from '../../shared/i18n.js';
import { currentTheme } from '../../shared/theme.js';
import { cockpit } from '../messages/cockpit.js';
import { activityVersion, type Series, seriesBetween } from './activity.js';
import { chartOptions } from './chartOptions.js';
import { live } from './room.js';

/** A chart that moves more often tells nobody more. */
const REDRAW_MS = 1_000;

/** Bookings, releases and payments over the live, as running totals. */
export function ActivityChart() {
  const started = live.value?.startedAt;
  const last = totals();
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

function totals(): { booked: number; released: number; paid: number } {
  // Reading the version is what makes this component follow the totals.
  if (activityVersion.value < 0) return { booked: 0, released: 0, paid: 0 };
  const { booked, released, paid } = current();
  return { booked: booked.at(-1) ?? 0, released: released.at(-1) ?? 0, paid: paid.at(-1) ?? 0 };
}

function current(): Series {
  const now = serverNow();
  const from = live.peek()?.startedAt ?? now;
  return seriesBetween(from, Math.max(from + 60_000, live.peek()?.endedAt ?? now));
}

function data(): uPlot.AlignedData {
  const { at, booked, released, paid } = current();
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
    if (activityVersion.value > 0 && live.peek()?.status !== 'live') plot.current?.setData(data());
  });
  return <div ref={box} class="chart" role="img" aria-label={label} />;
}

function sizeOf(element: HTMLElement): { width: number; height: number } {
  return { width: Math.max(200, element.clientWidth), height: Math.max(120, element.clientHeight) };
}
