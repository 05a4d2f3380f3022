import { quantiles } from '../../rig/statistics.js';
import type { Fault } from '../fault.js';
import { GUARANTEES, type Guarantee } from '../guarantees.js';
import type { Outcome } from '../run.js';

/** One line of the table: a fault and what came of all its runs. */
export interface Row {
  fault: string;
  does: string;
  times: number;
  /** Guarantees that do not hold while it lasts, and why. */
  except: Partial<Record<Guarantee, string>>;
  mayLose: string | undefined;
  /** Bookings and orders that were acknowledged, of all runs, and how many of them were gone. */
  acked: number;
  lost: number;
  recoveryMs: { p50: number; max: number };
  /** Holds that were due during the fault: how many, and how late they ended. */
  late: { count: number; p99: number; max: number };
  onTime: boolean;
  /** Guarantees that were broken, with the seed of the first run that broke them. */
  broken: { guarantee: Guarantee; times: number; seed: string }[];
  seed: string;
  date: string;
}

/** Holds end within this while a server is up, ms, 99 of 100. */
const ON_TIME_MS = 250;

export function rowsOf(
  outcomes: Outcome[],
  { faults, seed, atOnce }: { faults: Fault[]; seed: string; atOnce: number },
): Row[] {
  const date = new Date().toISOString().slice(0, 10);
  return faults.flatMap((fault) => {
    const own = outcomes.filter((outcome) => outcome.fault === fault.name);
    return own.length > 0 ? [{ ...rowOf(fault, own, atOnce === 1), seed, date }] : [];
  });
}

/** @param alone nothing ran beside these, so their times mean something */
function rowOf(fault: Fault, own: Outcome[], alone: boolean): Omit<Row, 'seed' | 'date'> {
  const { name, does, except = {}, mayLose, onTime = false } = fault;
  const recovery = quantiles(own.map(({ recoveryMs }) => recoveryMs));
  const lateMs = own.flatMap((outcome) => outcome.lateMs);
  const late = lateMs.length > 0 ? quantiles(lateMs) : { p99: 0, max: 0 };
  const sum = (value: (outcome: Outcome) => number) =>
    own.reduce((total, outcome) => total + value(outcome), 0);
  const broken = brokenIn(own);
  if (
    alone &&
    onTime &&
    late.p99 > ON_TIME_MS &&
    !broken.some((one) => one.guarantee === 'deadlines')
  )
    broken.push({ guarantee: 'deadlines', times: 1, seed: own[0]?.seed ?? '' });
  return {
    fault: name,
    does,
    times: own.length,
    except,
    mayLose,
    lost: sum(({ lost }) => lost),
    acked: sum(({ acked }) => acked),
    recoveryMs: { p50: recovery.p50, max: recovery.max },
    late: { count: lateMs.length, p99: late.p99, max: late.max },
    onTime,
    broken,
  };
}

function brokenIn(own: Outcome[]): Row['broken'] {
  return GUARANTEES.flatMap((guarantee) => {
    const bad = own.filter(({ findings }) => findings.some((one) => one.guarantee === guarantee));
    return bad.length > 0 ? [{ guarantee, times: bad.length, seed: bad[0]?.seed ?? '' }] : [];
  });
}
