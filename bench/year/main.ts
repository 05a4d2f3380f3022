/** `npm run year`: a year of a shop, compressed to minutes: what stays in Redis, and how soon a page of last year is there. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startEmbeddedPostgres } from '../../src/archive/embedded.js';
import { spawnServer } from '../../test/support/server-process.js';
import { Random } from '../faults/random.js';
import { DatabaseProcess } from '../faults/rig/database.js';
import { StoreProcess } from '../faults/rig/store.js';
import { type Census, passADay, takeCensus, weighCodes } from './census.js';
import { DAYS, type Options, readOptions, USAGE } from './options.js';
import { timePages } from './pages.js';
import { fillArchive } from './past.js';
import { type Measured, render, tableOf, verdictOf } from './report.js';
import { Trade } from './trade.js';

const MONTH = 30;
/** Orders of a year at 1,000 a day. */
const YEARLY = 365_000;
/** Days over which memory is averaged, after a month and at the end: what leaves does so in steps. */
const SAMPLED = 15;
const SHOP = 'year';
/** Whatever the machine does, it is over by then, ms. */
const MOST_MS = 20 * 60_000;
const SETTLED_WITHIN_MS = 90_000;

/** Everything that was started, for the end. */
const running: (() => Promise<unknown>)[] = [];
async function endAll(): Promise<void> {
  for (const end of running.splice(0).reverse()) await end().catch(() => {});
}

async function startArchive(postgres: boolean): Promise<string> {
  if (postgres) {
    const database = await DatabaseProcess.start();
    running.push(() => database.end());
    return database.server.url;
  }
  const folder = await mkdtemp(join(tmpdir(), 'lh-year-'));
  running.push(() => rm(folder, { recursive: true, force: true }));
  const embedded = await startEmbeddedPostgres(folder);
  running.push(() => embedded.stop());
  return embedded.url;
}

async function live(options: Options): Promise<Measured> {
  const store = await StoreProcess.start('everysec');
  running.push(() => store.end());
  const url = await startArchive(options.postgres);
  const server = await spawnServer({
    redisUrl: store.redis.url,
    DATABASE_URL: url,
    RETENTION_DAYS: String((MONTH * options.dayMs) / 86_400_000),
    LOG_LEVEL: 'info',
  });
  running.push(() => server.kill('SIGTERM'));
  const client = await store.redis.client();
  running.push(async () => client.isOpen && client.destroy());
  const random = new Random(options.seed);
  const { regulars, newcomers } = options;
  const trade = new Trade({ url: server.url, shopId: SHOP, regulars, newcomers, random });
  await trade.open();

  const began = performance.now();
  const month: Census[] = [];
  const end: Census[] = [];
  for (let day = 0; day < DAYS; day++) {
    const wait = began + day * options.dayMs - performance.now();
    if (wait > 0) await delay(wait);
    await trade.day(
      Math.round(((day + 1) * options.orders) / DAYS) - Math.round((day * options.orders) / DAYS),
    );
    await passADay(client);
    if (day >= MONTH && day < MONTH + SAMPLED) month.push(await takeCensus(client));
    if (day >= DAYS - SAMPLED) end.push(await takeCensus(client));
    if (day % 30 === 29)
      console.log(
        `${(day + 1) / 30} months: ${trade.orders} orders, ${(await used(client)).toFixed(1)} MB`,
      );
    if (performance.now() - began > MOST_MS)
      throw new Error(`day ${day}: this machine is too slow for it; --orders fewer`);
  }
  const seconds = (performance.now() - began) / 1_000;
  const after = await settled(client);
  const { ok, problems } = await trade.call<{ ok: boolean; problems: string[] }>('GET', '/audit');
  trade.close();
  const codes = await weighCodes(client, YEARLY);
  console.log(`\n${tableOf({ month, end, after })}\n\nfilling the archive …`);
  const archived = await fillArchive(url, SHOP, options.archive);
  const pages = await timePages(trade, random);
  return {
    options,
    seconds,
    orders: trade.orders,
    refusals: trade.refusals,
    month,
    end,
    after,
    codes,
    audit: ok ? [] : problems,
    archived,
    pages,
  };
}

type RedisClient = Awaited<ReturnType<StoreProcess['redis']['client']>>;

async function used(client: RedisClient): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await client.info('memory'))?.[1] ?? 0) / 1e6;
}

/** What is there once all that is finished has left, or what it was when that took too long. */
async function settled(client: RedisClient): Promise<Census> {
  const until = performance.now() + SETTLED_WITHIN_MS;
  const PASSING = [
    'order',
    'booking',
    'ledger',
    'bookings:item',
    'bookings:viewer',
    'bookings:live',
  ];
  for (;;) {
    const census = await takeCensus(client);
    if (PASSING.every((kind) => !census.has(kind)) || performance.now() > until) return census;
    await delay(1_000);
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => void endAll().finally(() => process.exit(130)));
}

async function main(): Promise<number> {
  let options: Options | undefined;
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${(error as Error).message}\nnpm run year -- --help says more.`);
    return 2;
  }
  if (!options) {
    console.log(USAGE);
    return 0;
  }
  console.log(`seed ${options.seed}`);
  try {
    const measured = await live(options);
    console.log(render(measured));
    return verdictOf(measured).every(({ kept }) => kept) ? 0 : 1;
  } finally {
    await endAll();
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
