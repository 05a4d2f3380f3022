import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { MUTANTS } from '../test/mutants/mutants.mjs';
import { ensureBuild, ensurePackages, ensureRedis } from './setup.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const COPIED = [
  'src',
  'test',
  'bench',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'vitest.config.ts',
];
const PAGE = join(root, 'docs/mutants.md');
const VITEST = join(root, 'node_modules/vitest/vitest.mjs');

const HELP = `npm run mutants -- [options]

Breaks one guard after the other in a copy of the project, and runs the tests that should notice.

  --sample N   N of them, chosen by --seed (printed), for continuous integration
  --only TEXT  those whose name has this text
  --part I/N   the I-th of N parts: all of them take about a quarter of an hour
  --workers N  the servers of the tests are built ones of N processes each; tests that look into a server cannot judge then
  --write      puts what came of them into the table of docs/mutants.md, whose other rows stay
  --help       this text

The exit status is 1 when a mutant survives that is not known to, when its text is no longer found, or when no test could judge
it: a test file that cannot begin, or does not end, says nothing of the guard.`;

const { values } = parseArgs({
  options: {
    sample: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    only: { type: 'string', default: '' },
    part: { type: 'string', default: '1/1' },
    workers: { type: 'string', default: '1' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit();
}

ensurePackages();
ensureRedis();
ensureBuild();
const copy = realpathSync(mkdtempSync(join(tmpdir(), 'livehold-mutants-')));
process.on('exit', () => rmSync(copy, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
for (const name of COPIED) cpSync(join(root, name), join(copy, name), { recursive: true });
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
const hasWorkers = Number(values.workers) > 1;
// What is built is what several processes run, so it is broken, too.
if (hasWorkers) cpSync(join(root, 'dist'), join(copy, 'dist'), { recursive: true });
else symlinkSync(join(root, 'dist'), join(copy, 'dist'));

const rows = chosen().map(([name, mutant]) => {
  const row = tryOne(name, mutant);
  console.log(`${row.well ? ' ' : '!'} ${row.result.padEnd(9)} ${name}${row.by && `: ${row.by}`}`);
  return row;
});
const bad = rows.filter(({ well }) => !well);
console.log(
  `${rows.length} mutants, ${rows.length - bad.length} as they should be, ${bad.length} not`,
);
if (values.write) writePage(rows);
process.exitCode = bad.length > 0 ? 1 : 0;

/** @returns {[string, import('../test/mutants/mutants.mjs').Mutant][]} */
function chosen() {
  const [part = 1, parts = 1] = values.part.split('/').map(Number);
  const all = Object.entries(MUTANTS)
    .filter(([name]) => name.includes(values.only))
    .filter((_, i) => i % parts === part - 1);
  if (values.sample === undefined) return all;
  console.log(`seed ${values.seed}`);
  let state = Number(values.seed);
  // A small generator, so that a seed names the same sample everywhere.
  const random = () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
  const order = all.map((entry) => ({ entry, at: random() })).sort((a, b) => a.at - b.at);
  return order.slice(0, Number(values.sample)).map(({ entry }) => entry);
}

/**
 * @param {string} name
 * @param {import('../test/mutants/mutants.mjs').Mutant} mutant
 */
function tryOne(name, { file, from, to, tests, survives }) {
  const original = readFileSync(join(root, file), 'utf8');
  const parts = original.split(from);
  if (parts.length !== 2) return { name, file, result: 'not found', by: '', well: false };
  put(file, parts.join(to));
  let { by, obstacle } = firstFailure(tests);
  put(file, original);
  if (hasWorkers && by !== undefined && firstFailure(tests).by === by) {
    obstacle = `${by} fails with ${values.workers} workers anyway`;
    by = undefined;
  }
  if (obstacle !== undefined) return { name, file, result: 'untried', by: obstacle, well: false };
  const killed = by !== undefined;
  const known = survives !== undefined;
  const result = killed ? 'killed' : 'survived';
  return { name, file, result, by: by ?? survives ?? '', well: killed || known };
}

/**
 * @param {string} file
 * @param {string} text
 */
function put(file, text) {
  writeFileSync(join(copy, file), text);
  if (!hasWorkers || !file.startsWith('src/')) return;
  if (!file.endsWith('.ts')) return writeFileSync(join(copy, file.replace('src/', 'dist/')), text);
  // A type that does not fit any more is no matter; that it is a program is tested elsewhere.
  spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', 'tsconfig.build.json'], {
    cwd: copy,
    stdio: 'ignore',
  });
}

/**
 * What came of the tests, in their order, until one failed.
 *
 * @typedef {{ by?: string, obstacle?: string }} Verdict by: the test that failed; obstacle: why there was none to fail
 * @param {string[]} tests
 * @returns {Verdict}
 */
function firstFailure(tests) {
  for (const test of tests) {
    const report = join(copy, 'report.json');
    rmSync(report, { force: true });
    const args = ['run', test, '--reporter=json', `--outputFile=${report}`, '--bail=1'];
    spawnSync(process.execPath, [VITEST, ...args], {
      cwd: copy,
      stdio: 'ignore',
      timeout: 300_000,
      env: { ...process.env, LIVEHOLD_TEST_WORKERS: values.workers },
    });
    const verdict = verdictOf(report, test);
    if (verdict.by !== undefined || verdict.obstacle !== undefined) return verdict;
  }
  return {};
}

/**
 * @param {string} report
 * @param {string} test
 * @returns {Verdict}
 */
function verdictOf(report, test) {
  let results;
  try {
    results = JSON.parse(readFileSync(report, 'utf8')).testResults;
  } catch {
    return { obstacle: `${test} did not end` };
  }
  for (const file of results) {
    for (const { status, fullName } of file.assertionResults)
      if (status === 'failed') return { by: fullName };
    const why = String(file.message).split('\n')[0];
    if (file.status === 'failed') return { obstacle: `${test} could not begin: ${why}` };
  }
  return {};
}

/** @param {ReturnType<typeof tryOne>[]} table */
function writePage(table) {
  const lines = new Map(
    readFileSync(PAGE, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .map((line) => [line.split(' | ')[0]?.slice(2), line]),
  );
  for (const { name, file, result, by } of table)
    lines.set(name, `| ${name} | \`${file.split('/').at(-1)}\` | ${result} | ${by} |`);
  const rows = Object.keys(MUTANTS).flatMap((name) => lines.get(name) ?? []);
  writeFileSync(
    PAGE,
    `# Guards, each proved by its removal

Written by \`npm run mutants -- --write\`. Each row is a guard broken on its own in a copy of the project, and the test that
failed then. One that survives says why no test can tell.

| what is broken | file | | by |
| --- | --- | --- | --- |
${rows.join('\n')}
`,
  );
}
