/** `npm run rounds`: plays scenes of holds that lapse while others book, again and again beside programs that take the processor. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureBuild, ensurePackages, ensureRedis } from './setup.mjs';
import { runCommand } from './setup-error.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const VITEST = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
const LOADTEST = fileURLToPath(new URL('loadtest.mjs', import.meta.url));

/** @typedef {{ does: string, play: (times: number) => Promise<number> }} Scene `play` answers how many rounds were well */

/** @type {Record<string, Scene>} */
const SCENES = {
  lapses: {
    does: 'a hold, a checkout and an unpaid order lapse while four others book: everyone is notified, within the second',
    play: (times) => testRounds('is announced to its viewer and to everyone, every time', times),
  },
  checkouts: {
    does: 'a checkout begins at the deadline of one of two bookings, which it must not list',
    play: (times) => testRounds('is in no checkout that begins at that moment', times),
  },
  few: {
    does: '50 viewers book 54 times a second for 4 s, holds of 1.8 s, judged by their own histories',
    play: (times) => loadRounds(crowdOf50(54), times),
  },
  some: {
    does: 'the same at 251 bookings a second',
    play: (times) => loadRounds(crowdOf50(251), times),
  },
  many: {
    does: 'the same at 948 bookings a second',
    play: (times) => loadRounds(crowdOf50(948), times),
  },
  flash: {
    does: '300 viewers book 100 times a second for 20 s, holds of 10 s',
    play: (times) =>
      loadRounds('--scenario flash --viewers 300 --bookings 100 --duration 20 --hold 10', times),
  },
};

const USAGE = `npm run rounds -- [options]

  --only A,B     these scenes alone
  --times N      rounds of each [20]
  --hogs N       programs beside them that never rest [2]
  --help         this text

${Object.entries(SCENES)
  .map(([name, { does }]) => `${name.padEnd(12)}${does}`)
  .join('\n')}

The exit status is 0 when every round was well.`;

/** @param {number} bookings a second */
function crowdOf50(bookings) {
  return `--scenario flash --viewers 50 --bookings ${bookings} --duration 4 --hold 1.8`;
}

/**
 * One run of a test that counts its rounds itself and ends with the first that is not well.
 *
 * @param {string} name of the test
 * @param {number} times
 */
async function testRounds(name, times) {
  const args = [VITEST, 'run', 'test/services/lapse-while-booking.test.ts', '-t', name];
  const { said } = await run(args, { ROUNDS: String(times) });
  const [, well] = /(\d+) of \d+ rounds were well/.exec(said) ?? [];
  if (Number(well ?? 0) < times) console.log(said);
  return Number(well ?? 0);
}

/**
 * @param {string} options of a load test of a server of its own
 * @param {number} times
 */
async function loadRounds(options, times) {
  let well = 0;
  for (let round = 0; round < times; round++) {
    const { code, said } = await run([LOADTEST, ...options.split(' ')], {});
    if (code === 0) well++;
    else console.log(said);
  }
  return well;
}

/**
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} environment
 */
async function run(args, environment) {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...environment, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      said += text;
    });
  const [code] = await once(child, 'close');
  running.delete(child);
  return { code, said };
}

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
process.on('exit', () => {
  for (const child of running) child.kill();
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));

/** @param {string} text */
function wholeNumber(text) {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  console.error(`not a whole number: ${text}\n\n${USAGE}`);
  return process.exit(2);
}

await runCommand(async () => {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: Object.keys(SCENES).join() },
      times: { type: 'string', default: '20' },
      hogs: { type: 'string', default: '2' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  const names = values.only.split(',');
  const unknown = names.find((name) => !(name in SCENES));
  if (unknown !== undefined) {
    console.error(`there is no scene ${unknown}\n\n${USAGE}`);
    return process.exit(2);
  }
  const times = wholeNumber(values.times);
  ensurePackages();
  ensureRedis();
  ensureBuild();
  for (let hogs = wholeNumber(values.hogs); hogs > 0; hogs--)
    running.add(spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }));
  let bad = 0;
  for (const name of names) {
    const began = performance.now();
    const well = (await SCENES[name]?.play(times)) ?? 0;
    bad += times - well;
    const seconds = Math.round((performance.now() - began) / 1_000);
    console.log(`${name.padEnd(12)}${well} of ${times} rounds were well; ${seconds} s`);
  }
  process.exit(bad === 0 ? 0 : 1);
});
