import { parseArgs } from 'node:util';

export const DAYS = 365;

export const USAGE = `npm run year -- [options]

Lets a shop live through a year in minutes, on processes of its own on the loopback: the built server, redis-server, and an
archive (PGlite, or PostgreSQL). Each day is a live with its orders, lapses, cancels, refunds, comments and restocks. It says
what stays in Redis after a month and at the end, by kind of key, and how long a page of last year's orders takes with the
archive as full as 1,000 orders a day fill it. It ends by itself, after some seven minutes.

  --orders N    orders in all, 365 days' worth [36500]; a day's part of them makes a day
  --day MS      how long a day really lasts [1000]; finished records leave Redis after thirty of these
  --archive N   orders in the archive when pages are timed [365000]; those that were not made above are copied in SQL
  --regulars N  viewers who stay connected and buy again and again [three for each order of a day]
  --newcomers P orders of people who never come again, percent [2]
  --postgres    the archive is a PostgreSQL of its own, where one is installed
  --seed S      what is random follows from it [printed; a new one each time]
  --help        this text

The exit status is 0 when Redis has grown by no more than a tenth, counted for 1,000 orders a day, and pages came within 100 ms, 1 when not, 2 for a mistake
in the options.`;

export interface Options {
  orders: number;
  dayMs: number;
  archive: number;
  regulars: number;
  /** A share. */
  newcomers: number;
  postgres: boolean;
  seed: string;
}

/** @throws with what is wrong with the arguments; answers undefined when help is all that is wanted */
export function readOptions(args: string[]): Options | undefined {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args,
    options: {
      orders: text,
      day: text,
      archive: text,
      regulars: text,
      newcomers: text,
      postgres: flag,
      seed: text,
      help: flag,
    },
  });
  if (values.help) return undefined;
  const whole = (
    name: 'orders' | 'day' | 'archive' | 'regulars' | 'newcomers',
    least: number,
    standard: number,
  ) => {
    const value = Number(values[name] ?? standard);
    if (Number.isInteger(value) && value >= least) return value;
    throw new Error(`--${name}: must be a whole number from ${least}`);
  };
  const orders = whole('orders', DAYS, 36_500);
  const ofDay = Math.ceil(orders / DAYS);
  return {
    orders,
    dayMs: whole('day', 100, 1_000),
    archive: whole('archive', 1, 365_000),
    regulars: whole('regulars', 2 * ofDay, 3 * ofDay + 10),
    newcomers: whole('newcomers', 0, 2) / 100,
    postgres: values.postgres,
    seed: values.seed ?? String(Date.now() % 1_000_000),
  };
}
