/** `npm run bench`: the product beside its bare parts and beside the way of the tutorials, in one run. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureAcks } from './measurements/acks.js';
import { measureDeadlines } from './measurements/deadlines.js';
import { measureFanOut } from './measurements/fan-out.js';
import { measureGrowth } from './measurements/growth.js';
import { measureJoinStorm } from './measurements/join-storm.js';
import { measureMemory } from './measurements/memory.js';
import { measureNetworks } from './measurements/networks.js';
import { measurePeers } from './measurements/peers.js';
import { measureRedisTime } from './measurements/redis-time.js';
import { measureStorm } from './measurements/storm.js';
import { measureWaitingLine } from './measurements/waiting-line.js';
import { type Effort, FULL, type Line, type Point, QUICK } from './report/lines.js';
import {
  describeMachine,
  type Report,
  renderReport,
  writeReport,
} from './report/performance-page.js';
import { renderTable } from './report/table.js';
import { PrivateRedis } from './rig/redis.js';
import { profileTo } from './rig/stage.js';

interface Measurement {
  title: string;
  run(effort: Effort): Promise<Line[] | { lines: Line[]; points: Point[] }>;
}

const MEASUREMENTS: Record<string, Measurement> = {
  a: { title: 'booking acknowledgements', run: measureAcks },
  b: { title: 'Redis time a booking', run: measureRedisTime },
  c: { title: 'fan-out', run: measureFanOut },
  d: { title: 'storm', run: measureStorm },
  e: { title: 'deadlines', run: measureDeadlines },
  f: { title: 'join storm', run: measureJoinStorm },
  g: { title: 'memory', run: measureMemory },
  h: { title: 'growth', run: measureGrowth },
  i: { title: 'waiting line', run: measureWaitingLine },
  networks: { title: 'bad mobile networks', run: measureNetworks },
  peers: { title: 'PostgreSQL, BullMQ, Socket.IO over two servers, Colyseus', run: measurePeers },
};

const USAGE = `npm run bench -- [--only a,b] [--quick]

${Object.entries(MEASUREMENTS)
  .map(([letter, { title }]) => `  ${letter.padEnd(8)}  ${title}`)
  .join('\n')}

  --only a,b   these measurements and no others
  --quick      less of everything: to see that it runs, not to quote
  --profile F  a CPU profile of the server for each stretch measured, in folder F
  --write      put these into docs/performance.md and docs/performance.json, in place of those written before
  --help       this text

A whole run writes docs/performance.md and docs/performance.json; others only print.`;

/** @returns undefined for a mistake */
function readOptions(args: string[]) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        only: { type: 'string' },
        quick: { type: 'boolean', default: false },
        write: { type: 'boolean', default: false },
        profile: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    const letters = values.only?.split(',') ?? Object.keys(MEASUREMENTS);
    const unknown = letters.find((letter) => !Object.hasOwn(MEASUREMENTS, letter));
    if (unknown !== undefined) throw new Error(`There is no measurement ${unknown}`);
    return { ...values, letters };
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    return undefined;
  }
}

async function redisVersion(): Promise<string> {
  const redis = await PrivateRedis.start();
  try {
    return await redis.version();
  } finally {
    await redis.stop();
  }
}

async function run(letters: string[], quick: boolean): Promise<Report> {
  const effort = quick ? QUICK : FULL;
  const lines: Line[] = [];
  const points: Point[] = [];
  for (const letter of letters) {
    const { title, run: take } = MEASUREMENTS[letter] as Measurement;
    console.error(`(${letter}) ${title} …`);
    const taken = await take(effort);
    const found = Array.isArray(taken) ? { lines: taken, points: [] } : taken;
    // At once: a run that is cut short has still said something.
    console.error(renderTable(found.lines));
    lines.push(...found.lines);
    points.push(...found.points);
  }
  const date = new Date().toISOString().slice(0, 10);
  const machine = describeMachine(await redisVersion());
  return { date, measured: letters.join(', '), quick, machine, lines, points };
}

// Children end with this process; SIGINT would otherwise leave them to notice by themselves.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

const options = readOptions(process.argv.slice(2));
if (!options) {
  process.exitCode = 2;
} else if (options.help) {
  console.log(USAGE);
} else {
  if (options.profile !== undefined) profileTo(options.profile);
  const report = await run(options.letters, options.quick);
  console.log(renderReport(report));
  const whole = !options.only && !options.quick && options.profile === undefined;
  if (whole || options.write) {
    const docs = join(process.cwd(), 'docs');
    writeReport(report, join(docs, 'performance.md'), join(docs, 'performance.json'));
    console.error('Written to docs/performance.md and docs/performance.json.');
  }
  process.exit(0);
}
