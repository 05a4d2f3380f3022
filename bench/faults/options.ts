import { parseArgs } from 'node:util';
import { FAULTS } from './catalogue.js';
import type { Fault } from './fault.js';

/** A mistake on the command line; the message says what to do. */
export class UsageError extends Error {
  override name = 'UsageError';
}

export interface Options {
  faults: Fault[];
  times: number;
  seed: string;
  /** Runs that are under way at once. */
  atOnce: number;
  /** No run is begun after this, s; undefined: all of them are. */
  withinSeconds: number | undefined;
  write: boolean;
  /** Processes of each server. */
  workers: number;
}

const USAGE = `npm run faults -- [options]

Makes things go wrong under viewers who book, cancel, pay and let holds lapse, on real processes of its own: the
built server, redis-server, the network between them. After each fault it checks what Livehold guarantees.

  --times N      how often each fault is played [1]
  --only A,B     these faults alone; for the first words of a name all that begin so: archive
  --seed S       what is random follows from it [printed; a new one each time]
  --at-once N    runs side by side [1]; more disturb each other's times
  --within S     begins no run after so many seconds
  --workers N    processes of each server [1]; what happens to a server happens to all of them
  --write        puts what came of it into the table of docs/reliability.md
  --list         names the faults
  --help         this text

The exit status is 0 when every guarantee held, 1 when one did not, 2 for a mistake in the options.`;

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;

/** @throws UsageError; answers what is to be printed when nothing is to be run */
export function readOptions(args: string[]): Options | string {
  const values = parse(args);
  if (values.help) return USAGE;
  if (values.list) return FAULTS.map(({ name, does }) => `${name.padEnd(26)}${does}`).join('\n');
  return {
    faults: chosen(values.only),
    times: number('times', values.times, 1),
    seed: values.seed ?? String(Date.now() % 1_000_000),
    atOnce: number('at-once', values['at-once'], 1),
    withinSeconds:
      values.within === undefined ? undefined : number('within', values.within, Number.NaN),
    write: values.write,
    workers: number('workers', values.workers, 1),
  };
}

function parse(args: string[]) {
  const options = {
    times: text,
    only: text,
    seed: text,
    'at-once': text,
    within: text,
    workers: text,
    write: flag,
    list: flag,
    help: flag,
  };
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new UsageError((error as Error).message.split('. ')[0]);
  }
}

function chosen(only: string | undefined): Fault[] {
  if (only === undefined) return FAULTS;
  const names = only.split(',').map((name) => name.trim());
  const called = (name: string) => {
    const exactly = FAULTS.filter((fault) => fault.name === name);
    return exactly.length > 0 ? exactly : FAULTS.filter((it) => it.name.startsWith(`${name}-`));
  };
  const unknown = names.find((name) => called(name).length === 0);
  if (unknown !== undefined)
    throw new UsageError(`--only: there is no fault ${unknown}; --list names them`);
  const asked = new Set(names.flatMap(called));
  return FAULTS.filter((fault) => asked.has(fault));
}

function number(name: string, given: string | undefined, standard: number): number {
  const value = given === undefined ? standard : Number(given);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new UsageError(`--${name}: must be a whole number from 1`);
}
