import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Phase, readPhase, secondsOf } from './phases.js';
import { DEFAULTS, HOLDS_A_RUN, SCENARIOS, type Scenario } from './plan.js';
import { readThreshold, type Threshold } from './thresholds.js';
import { UsageError } from './usage-error.js';

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
  /** Of the actions, one after the other. */
  phases: Phase[];
  items: number;
  /** Units of each item. */
  stock: number;
  /** How long bookings are held in a shop of our own, s. */
  hold: number;
  processes: number;
  /** Where others are let in who share the load; unset: nobody is. */
  coordinator: Address | undefined;
  /** How many machines are waited for. */
  machines: number;
  /** For so long, s. */
  wait: number;
  /** What they must know. */
  key: string | undefined;
  thresholds: Threshold[];
  report: string | undefined;
  html: string | undefined;
}

/** To take a part in a load that another machine coordinates. */
export interface JoinOptions {
  join: Address;
  key: string;
  processes: number;
  /** Also against a server that is not on this machine. */
  owned: boolean;
}

export interface Address {
  host: string;
  port: number;
}

/** @throws UsageError; answers undefined when help is all that is wanted */
export function readOptions(
  args: string[],
  env: NodeJS.ProcessEnv,
): Options | JoinOptions | undefined {
  const values = parse(args);
  if (values.help) return undefined;
  if (values.join !== undefined) return joinOptions(values, values.join, env);
  const scenario = values.scenario ?? 'flash';
  if (!Object.hasOwn(SCENARIOS, scenario))
    throw new UsageError(`--scenario: there is no ${scenario}`);
  const standard = DEFAULTS[scenario as Scenario];
  const viewers = count('viewers', values.viewers, 1_000, 1, 100_000);
  const phases = phasesOf(values, standard);
  const duration = secondsOf(phases);
  const items = count('items', values.items, standard.items, 1, 500);
  const hold = number('hold', values.hold, Math.max(1, duration / HOLDS_A_RUN), 0.1, 604_800);
  const most = Math.max(...phases.flatMap(({ from, to }) => [from, to]));
  const planned = Math.ceil((most * Math.min(hold, duration) * standard.stockShare) / items);
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
    phases,
    items,
    stock: count('stock', values.stock, Math.max(1, planned), 0, 1_000_000_000),
    hold,
    ...sharedLoad(values, url, env),
    thresholds: (values.threshold ?? []).map(readThreshold),
    report: writable('report', values.report),
    html: writable('html', values.html),
  };
}

type Values = ReturnType<typeof parse>;

function phasesOf(values: Values, standard: { bookings: number; duration: number }): Phase[] {
  const { phase, bookings, duration } = values;
  if (phase === undefined) {
    const rate = number('bookings', bookings, standard.bookings, 0, 100_000);
    return [
      { seconds: number('duration', duration, standard.duration, 1, 3_600), from: rate, to: rate },
    ];
  }
  if (bookings !== undefined || duration !== undefined)
    throw new UsageError('--phase says what --bookings and --duration say: give one or the other');
  const phases = phase.map(readPhase);
  if (secondsOf(phases) > 3_600) throw new UsageError('--phase: more than 3600 s in all');
  return phases;
}

function sharedLoad(
  values: Values,
  url: string | undefined,
  env: NodeJS.ProcessEnv,
): Pick<Options, 'coordinator' | 'machines' | 'wait' | 'key' | 'processes'> {
  const { machines, wait, processes } = values;
  if (values.coordinator === undefined) {
    if (machines !== undefined) throw new UsageError('--machines: needs --coordinator');
    if (wait !== undefined) throw new UsageError('--wait: needs --coordinator');
    const of = count('processes', processes, 1, 1, 64);
    return { coordinator: undefined, machines: 0, wait: 0, key: undefined, processes: of };
  }
  const coordinator = address('coordinator', values.coordinator);
  if (!LOOPBACK.test(coordinator.host) && (!url || LOOPBACK.test(new URL(url).hostname)))
    throw new UsageError(
      '--coordinator: other machines do not reach a server on this one by its loopback address; name it with --url',
    );
  return {
    coordinator,
    machines: count('machines', machines, 1, 1, 100),
    wait: number('wait', wait, 120, 1, 86_400),
    key: keyOf(values, env),
    processes: count('processes', processes, 0, 0, 64),
  };
}

function joinOptions(values: Values, at: string, env: NodeJS.ProcessEnv): JoinOptions {
  const mine = ['join', 'key', 'processes', 'yes-i-own-this-server', 'help'];
  const other = Object.keys(values).find((name) => !mine.includes(name));
  if (other) throw new UsageError(`--${other}: with --join the coordinator says that`);
  const key = keyOf(values, env);
  if (key === undefined)
    throw new UsageError('--join: needs the --key that the coordinator printed, or LOADTEST_KEY');
  const processes = count('processes', values.processes, 1, 1, 64);
  return { join: address('join', at), key, processes, owned: values['yes-i-own-this-server'] };
}

function keyOf({ key }: Values, env: NodeJS.ProcessEnv): string | undefined {
  const known = key ?? (env.LOADTEST_KEY || undefined);
  if (known === undefined || (known.length >= 8 && known.length <= 200)) return known;
  throw new UsageError('--key: must have 8 to 200 characters');
}

function address(name: 'coordinator' | 'join', text: string): Address {
  const [, host = '127.0.0.1', port] = /^(?:(.+):)?(\d{1,5})$/.exec(text) ?? [];
  const isPort = Number(port) <= 65_535 && (Number(port) > 0 || name === 'coordinator');
  if (port !== undefined && isPort)
    return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
  throw new UsageError(
    `--${name}: "${text}" is not a port, or a host and a port, such as 10.0.0.5:5600`,
  );
}

/** After an hour's load is no time to learn that there is no such folder. */
function writable(name: string, file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  const isFolder = statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
  if (isFolder) throw new UsageError(`--${name}: cannot write ${file}: it is a folder`);
  try {
    accessSync(existsSync(file) ? file : dirname(file), constants.W_OK);
    return file;
  } catch (error) {
    throw new UsageError(`--${name}: cannot write ${file}: ${(error as Error).message}`);
  }
}

function parse(args: string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const several = { type: 'string', multiple: true } as const;
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
      phase: several,
      threshold: several,
      report: text,
      html: text,
      coordinator: text,
      machines: text,
      wait: text,
      join: text,
      key: text,
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

function count(...args: Parameters<typeof number>): number {
  const value = number(...args);
  if (Number.isInteger(value)) return value;
  throw new UsageError(`--${args[0]}: must be a whole number`);
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[?::1\]?)$/;

/** Loopback, or what somebody says to own. @throws UsageError */
export function target(text: string, owned: boolean): string {
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
