import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describePhases, rateAt } from './phases.js';
import type { Latency, Timing } from './recorder.js';
import { type LoadReport, NAMES } from './summary.js';

/** One line of a plot. */
interface Line {
  label: string;
  colour: string;
  values: (number | null)[];
  dash?: number[];
}

interface Plot {
  title: string;
  unit: string;
  lines: Line[];
}

const BLUE = '#1f6feb';
const GREEN = '#1a7f37';
const RED = '#cf222e';
const GREY = '#6e7781';

/** The report as a page with plots, which needs nothing but itself: no other file, no network. */
export function renderPage(report: LoadReport): string {
  const { options, arrived, seconds, date } = report;
  const title = `Load test: ${options.scenario}, ${whole(arrived)} of ${whole(options.viewers)} viewers`;
  const data = { x: report.timeline.map(({ second }) => second), plots: plotsOf(report) };
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${text(title)}</title>
<style>${library('uPlot.min.css')}
${STYLE}</style>
</head>
<body>
<h1>${text(title)}</h1>
<p>${text(describePhases(options.phases))}; ${Math.round(seconds)} s in all; ${report.processes} ${report.processes === 1 ? 'process' : 'processes'}; ${text(date)}</p>
${verdictOf(report)}
${failuresOf(report)}<div id="plots"></div>
<h2>Times, ms from the intended start</h2>
${latencies(report)}
<h2>Outcomes</h2>
${table(['outcome', 'times'], outcomesOf(report))}
<script>${library('uPlot.iife.min.js')}</script>
<script>const report = ${JSON.stringify(data).replaceAll('<', '\\u003c')};
${SCRIPT}</script>
</body>
</html>
`;
}

function plotsOf({ timeline, options, actionsFrom }: LoadReport): Plot[] {
  const line = (label: string, colour: string, values: Line['values'], dash?: number[]): Line => ({
    label,
    colour,
    values,
    ...(dash === undefined ? {} : { dash }),
  });
  const of = (field: 'begun' | 'accepted' | 'refused' | 'p50' | 'p99' | 'releaseP99') =>
    timeline.map((second) => second[field]);
  // In the middle of each second: the ends of a phase are rarely on the second.
  const planned = timeline.map(({ second }) => rateAt(options.phases, second + 0.5 - actionsFrom));
  let here = 0;
  const present = timeline.map(({ arrived }) => {
    here += arrived;
    return here;
  });
  return [
    {
      title: 'Actions a second',
      unit: '',
      lines: [
        line('planned', GREY, planned, [6, 4]),
        line('begun', BLUE, of('begun')),
        line('accepted', GREEN, of('accepted')),
        line('refused', RED, of('refused')),
      ],
    },
    {
      title: 'From the intended start to the answer',
      unit: 'ms',
      lines: [line('p50', BLUE, of('p50')), line('p99', RED, of('p99'))],
    },
    {
      title: 'From a deadline until it was told',
      unit: 'ms',
      lines: [line('p99', RED, of('releaseP99'))],
    },
    { title: 'Viewers who are here', unit: '', lines: [line('viewers', BLUE, present)] },
  ];
}

function verdictOf({ verdict, thresholds }: LoadReport): string {
  const checks = verdict.checks.map(({ promise, kept, untested, detail, first }) => {
    const word = untested ? 'not tested' : kept ? 'kept' : 'BROKEN';
    return [word, promise, [detail, ...first].join('\n')];
  });
  const bounds = thresholds.map(({ threshold, met, value }) => [
    met ? 'met' : 'MISSED',
    threshold,
    value === undefined ? 'nothing of the kind was measured' : String(value),
  ]);
  const rows = [...checks, ...bounds].map(([word = '', ...cells]) => {
    const cells_ = [word, ...cells].map((cell) => `<td>${text(cell)}</td>`).join('');
    return `<tr class="${/^[A-Z]+$/.test(word) ? 'bad' : 'good'}">${cells_}</tr>`;
  });
  return `<table class="verdict">${rows.join('\n')}</table>`;
}

/** Who could not join or was cut off, and what was said of it. */
function failuresOf({ failed, lost, reasons }: LoadReport): string {
  if (failed + lost + reasons.length === 0) return '';
  const counts = `${whole(failed)} could not join, ${whole(lost)} were cut off`;
  const said = reasons.map((reason) => `<li>${text(reason)}</li>`).join('\n');
  return `<h2>What went wrong</h2>\n<p class="bad">${counts}</p>\n<ul>${said}</ul>\n`;
}

function latencies({ latencies: all }: LoadReport): string {
  const rows = (Object.entries(all) as [Timing, Latency][]).map(([timing, latency]) => [
    NAMES[timing],
    whole(latency.count),
    ...[latency.p50, latency.p90, latency.p99, latency.p999, latency.max].map((ms) =>
      ms.toFixed(1),
    ),
  ]);
  return table(['', 'count', 'p50', 'p90', 'p99', 'p99.9', 'max'], rows);
}

function outcomesOf({ outcomes }: LoadReport): string[][] {
  return Object.entries(outcomes)
    .sort(([, a], [, b]) => b - a)
    .map(([outcome, count]) => [outcome, whole(count)]);
}

function table(head: string[], rows: string[][]): string {
  const row = (cells: string[], name: 'td' | 'th') =>
    `<tr>${cells.map((cell) => `<${name}>${text(cell)}</${name}>`).join('')}</tr>`;
  return `<table class="numbers">${row(head, 'th')}${rows.map((cells) => row(cells, 'td')).join('\n')}</table>`;
}

function text(raw: string): string {
  return raw.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

function whole(count: number): string {
  return Math.round(count).toLocaleString('en');
}

/** A file of the chart library. */
function library(name: string): string {
  const { resolve } = createRequire(import.meta.url);
  return readFileSync(resolve(`uplot/dist/${name}`), 'utf8').trim();
}

const STYLE = `body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 64rem; padding: 0 1rem; color: #1f2328; background: #fff }
h1 { font-size: 1.5rem } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem }
table { border-collapse: collapse } td, th { padding: .15rem .75rem .15rem 0; text-align: left; vertical-align: top; white-space: pre-line }
.numbers td:not(:first-child), .numbers th:not(:first-child) { text-align: right; font-variant-numeric: tabular-nums }
.verdict td:first-child { font-weight: 600; white-space: nowrap } .good td:first-child { color: ${GREEN} } .bad td:first-child { color: ${RED} }
.uplot { margin-top: 1.5rem }`;

/** Runs in the page: draws what \`report\` holds, as wide as the page is. */
const SCRIPT = `const place = document.getElementById('plots');
const width = () => place.clientWidth;
const charts = report.plots.map(({ title, unit, lines }) => new uPlot({
  title, width: width(), height: 240,
  scales: { x: { time: false }, y: { range: (_, low, high) => [0, Math.max(1, high * 1.05)] } },
  axes: [{ label: 's', labelSize: 20 }, { size: 70, label: unit, labelSize: unit ? 20 : 0 }],
  series: [{ label: 's' }, ...lines.map(({ label, colour, dash }) => ({ label, stroke: colour, width: 2, dash, points: { show: false } }))],
}, [report.x, ...lines.map(({ values }) => values)], place));
addEventListener('resize', () => { for (const chart of charts) chart.setSize({ width: width(), height: 240 }) });`;
