import type uPlot from 'uplot';
import { number, time } from '../../shared/format.js';

/** Whole units only: half a booking on an axis would be nonsense. */
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000];

/** Whole minutes, as the labels have no seconds. */
const TIME_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360].map((minutes) => minutes * 60);

/** The look of the chart, in the colours of the theme; lines differ by dash as well as by colour. */
export function chartOptions(
  size: { width: number; height: number },
  themed: HTMLElement,
): uPlot.Options {
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
