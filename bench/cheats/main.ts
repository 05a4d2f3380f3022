/** `npm run cheats`: honest viewers and cheats in one live, over several settings; see docs/fairness.md. */
import { parseArgs } from 'node:util';
import { spawnServer } from '../../test/support/server-process.js';
import { StoreProcess } from '../faults/rig/store.js';
import { type Outcome, type Plan, playEvening } from './evening.js';
import { judge } from './judge.js';
import { playRecovery } from './recovery.js';
import { render, writePage } from './report.js';
import { RECOMMENDED, SETUPS } from './setups.js';

const PAGE = 'docs/fairness.md';
const USAGE = `npm run cheats -- [options]

Lets honest viewers and cheats (a hoarder, a guest farm, lapsers, deadline snipers, a restock bot) meet in one live on
a server and a Redis of its own, on the loopback, once with each of a few settings. It ends by itself, after a minute.

  --seed S     what is random follows from it [printed; a new one each time]
  --minute MS  how long a minute of the evening really lasts [1000]
  --quick      a short evening with few viewers: to see that it runs, not to quote
  --write      puts what came of it into docs/fairness.md
  --help       this text

The exit status is 0 when the recommended settings kept what they promise, 1 when not, 2 for a mistake in the options.`;

const WHOLE: Omit<Plan, 'minuteMs'> = {
  // The server's own default.
  guestsPerAddress: 30,
  numbers: { honest: 160, hoarder: 1, farm: 200, lapser: 5, sniper: 2, bot: 1 },
  items: 8,
  stock: 40,
  restock: 10,
  gap: 4,
  rest: 24,
};
const QUICK: Omit<Plan, 'minuteMs'> = {
  guestsPerAddress: 4,
  numbers: { honest: 12, hoarder: 1, farm: 12, lapser: 2, sniper: 1, bot: 1 },
  items: 4,
  stock: 24,
  restock: 4,
  gap: 4,
  rest: 16,
};

interface Options {
  seed: string;
  plan: Plan;
  write: boolean;
}

/** @throws with what is wrong with the arguments; answers undefined when help is all that is wanted */
function readOptions(args: string[]): Options | undefined {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args,
    options: { seed: text, minute: text, quick: flag, write: flag, help: flag },
  });
  if (values.help) return undefined;
  const minuteMs = Number(values.minute ?? 1_000);
  if (!Number.isInteger(minuteMs) || minuteMs < 100 || minuteMs > 60_000)
    throw new Error('--minute: must be a whole number of milliseconds from 100 to 60000');
  return {
    seed: values.seed ?? String(Date.now() % 1_000_000),
    plan: { ...(values.quick ? QUICK : WHOLE), minuteMs },
    write: values.write,
  };
}

/** All evenings at once, each in a shop of its own; then the days after. */
async function play({ seed, plan, write }: Options): Promise<boolean> {
  console.log(`seed ${seed}`);
  const store = await StoreProcess.start('everysec');
  // The limits on rates are those of a server by default, in the evening's own time.
  const server = await spawnServer({
    redisUrl: store.redis.url,
    RATE_LIMIT: String((20 * 60_000) / plan.minuteMs),
    GUESTS_PER_ADDRESS: String(plan.guestsPerAddress),
    TRUST_PROXY: '1',
    SANDBOX_QRIS_MINUTES: String((15 * plan.minuteMs) / 60_000),
  });
  try {
    const outcomes = await Promise.all(
      SETUPS.map((setup) => playEvening(server.url, setup, plan, seed)),
    );
    const recovery = await playRecovery(server.url, store, RECOMMENDED, plan.minuteMs);
    const recommended = outcomes[SETUPS.indexOf(RECOMMENDED)] as Outcome;
    const checks = judge(RECOMMENDED, recommended, recovery, plan);
    const text = render(outcomes, checks, seed);
    console.log(`\n${text}`);
    if (write) writePage(text, PAGE);
    return checks.every(({ kept }) => kept);
  } finally {
    await server.kill('SIGKILL');
    await store.end();
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => void StoreProcess.endAll().finally(() => process.exit(130)));
}

async function main(): Promise<number> {
  let options: Options | undefined;
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${(error as Error).message}\nnpm run cheats -- --help says more.`);
    return 2;
  }
  if (!options) {
    console.log(USAGE);
    return 0;
  }
  return (await play(options)) ? 0 : 1;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
