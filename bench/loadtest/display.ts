import { Presets, SingleBar } from 'cli-progress';
import type { Progress } from './worker.js';

/** Progress of the whole run. */
export interface Display {
  /** @param ms of the run that have passed */
  show(progress: Progress[], ms: number): void;
  stop(): void;
}

const LINE_EVERY_MS = 5_000;

/** A bar on a terminal; elsewhere a line now and then. @param length of the run, ms */
export function createDisplay(viewers: number, length: number): Display {
  return process.stderr.isTTY ? barDisplay(viewers, length) : lineDisplay(viewers);
}

function barDisplay(viewers: number, length: number): Display {
  const bar = new SingleBar(
    { format: '{bar} {percentage}% · {numbers}', hideCursor: true, stream: process.stderr },
    Presets.shades_classic,
  );
  bar.start(100, 0, { numbers: 'starting' });
  return {
    show: (progress, ms) =>
      bar.update(Math.min(100, Math.round((ms / length) * 100)), {
        numbers: numbers(progress, viewers),
      }),
    stop: () => bar.stop(),
  };
}

function lineDisplay(viewers: number): Display {
  let last = 0;
  return {
    show(progress) {
      if (performance.now() - last < LINE_EVERY_MS) return;
      last = performance.now();
      console.error(numbers(progress, viewers));
    },
    stop() {},
  };
}

function numbers(progress: Progress[], viewers: number): string {
  const sum = (value: (one: Progress) => number) =>
    progress.reduce((total, one) => total + value(one), 0).toLocaleString('en');
  const p99 = Math.max(...progress.map((one) => one.recentP99));
  return [
    `here ${sum(({ arrived }) => arrived)}/${viewers.toLocaleString('en')}`,
    `actions ${sum(({ actions }) => actions)}`,
    `accepted ${sum(({ outcomes }) => outcomes.accepted ?? 0)}`,
    `p99 ${p99.toFixed(1)} ms`,
    `failed ${sum(({ failed, lost }) => failed + lost)}`,
  ].join(' · ');
}
