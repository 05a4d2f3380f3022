import { useEffect, useRef } from 'preact/hooks';
import type uPlot from 'uplot';
import type { Period } from '../../../../src/protocol/report.js';
import { number, rupiah } from '../../shared/format.js';
import { report } from '../messages/report.js';

const HEIGHT = 260;

/** What was paid in each period, as bars. The library comes when a chart is first shown. */
export function PeriodsChart({ periods }: { periods: Period[] }) {
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
