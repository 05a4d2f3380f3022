import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULTS, HOLDS_A_RUN, SCENARIOS, type Scenario } from './plan.js';

/** A mistake on the command line; the message says what to do. */
export class UsageError extends Error {
  override name = 'UsageError';
}

export interface Options {
  /** Unset: a server of our own. */
  url: string | undefined;
  shop: string | undefined;
  live: string | undefined;
  hostToken: string | undefined;
  secret: string | undefined;
  scenario: Scenario;
  viewers: number;
  rate: number;
  bookings: number;
  duration: number;
  items: number;
  /** Units of each item. */
  stock: number;
  /** How long bookings are held in a shop of our own, s. */
  hold: number;
  processes: number;
  report: string | undefined;
}

const scenarios = Object.entries(SCENARIOS)
  .map(([name, what]) => `      ${name.padEnd(8)}${what}`)
  .join('\n');

export const USAGE = `npm run loadtest -- [options]

Loads a Livehold server with viewers who book, and checks that it kept its word. Without --url it
starts the built server by itself, with a Redis of its own and no limits on rates.

  --scenario flash|steady|browse|join|pay   [flash]
${scenarios}
  --viewers N        how many viewers [1000]
  --rate N           arrivals a second [500; steady, browse and pay 200; join all at once]
  --bookings N       actions a second [flash 2000, steady and browse 200, join 100, pay 50]
  --duration S       of the actions, seconds [flash 15, steady and browse 30, join 5, pay 20]
  --items N          items in a live of our own [5; flash 1]
  --stock N          units of each [flash half of what is wanted within one hold, others plenty]
  --hold S           how long a booking is held in a shop of our own, seconds [a fifth of the duration,
                     so that holds end all the time while others book]
  --processes N      processes that share the load [1]
  --report FILE      writes everything measured as JSON

  --url URL          the server to load
  --shop S --live L  an existing live; otherwise a shop and a live are made
  --host-token T     a host's token: to make the live, and for the audit
  --yes-i-own-this-server   needed for any target but this machine
  --help             this text

AUTH_SECRET (or data/auth-secret, for a server on this machine) signs tokens for host and viewers.
Without it and without --host-token, viewers are guests and the audit cannot be asked.

The exit status is 0 when all promises held, 1 when one was broken, 2 for a mistake in the options.`;

/** @throws UsageError; answers undefined when help is all that is wanted */
export function readOptions(args: string[], env: NodeJS.ProcessEnv): Options | undefined {
  const values = parse(args);
  if (values.help) return undefined;
  const scenario = values.scenario ?? 'flash';
  if (!Object.hasOwn(SCENARIOS, scenario))
    throw new UsageError(`--scenario: there is no ${scenario}`);
  const standard = DEFAULTS[scenario as Scenario];
  const viewers = number('viewers', values.viewers, 1_000, 1, 100_000);
  const bookings = number('bookings', values.bookings, standard.bookings, 0, 100_000);
  const duration = number('duration', values.duration, standard.duration, 1, 3_600);
  const items = number('items', values.items, standard.items, 1, 500);
  const hold = number('hold', values.hold, Math.max(1, duration / HOLDS_A_RUN), 0.1, 604_800);
  const wanted = bookings * Math.min(hold, duration);
  const planned = Math.ceil((wanted * standard.stockShare) / items);
  const url =
    values.url === undefined ? undefined : target(values.url, values['yes-i-own-this-server']);
  if ((values.shop === undefined) !== (values.live === undefined))
    throw new UsageError('--shop and --live go together');
  if (values.live !== undefined && url === undefined)
    throw new UsageError('--live: needs --url, the server that it is on');
  return {
    url,
    shop: values.shop,
    live: values.live,
    hostToken: values['host-token'],
    secret: secretFor(url, env),
    scenario: scenario as Scenario,
    viewers,
    rate: number('rate', values.rate, standard.rate ?? viewers, 1, 100_000),
    bookings,
    duration,
    items,
    stock: number('stock', values.stock, Math.max(1, planned), 0, 1_000_000_000),
    hold,
    processes: number('processes', values.processes, 1, 1, 64),
    report: values.report,
  };
}

function parse(args: string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  try {
    const options = {
      url: text,
      shop: text,
      live: text,
      'host-token': text,
      scenario: text,
      viewers: text,
      rate: text,
      bookings: text,
      duration: text,
      items: text,
      stock: text,
      hold: text,
      processes: text,
      report: text,
      'yes-i-own-this-server': flag,
      help: flag,
    };
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new UsageError((error as Error).message.split('. ')[0]);
  }
}

function number(
  name: string,
  text: string | undefined,
  standard: number,
  least: number,
  most: number,
): number {
  const value = text === undefined ? standard : Number(text);
  if (text?.trim() !== '' && value >= least && value <= most) return value;
  throw new UsageError(`--${name}: must be a number from ${least} to ${most}`);
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

function target(text: string, owned: boolean): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw new UsageError('--url: must be an address beginning with http:// or https://');
  if (LOOPBACK.test(url.hostname) || owned) return url.origin;
  throw new UsageError(
    `--url: ${url.hostname} is not this machine. A load test can put a server out of service: run it only against ` +
      'one that you own, and say so with --yes-i-own-this-server',
  );
}

/** A secret on this machine is used for servers on this machine alone. */
function secretFor(url: string | undefined, env: NodeJS.ProcessEnv): string | undefined {
  if (env.AUTH_SECRET) return env.AUTH_SECRET;
  const file = join(env.DATA_DIR || 'data', 'auth-secret');
  const here = url !== undefined && LOOPBACK.test(new URL(url).hostname);
  return here && existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}
