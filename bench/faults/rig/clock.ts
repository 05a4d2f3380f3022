/**
 * Loaded into a server before anything else (`node --import`): its wall clock is as far from this machine's as the file
 * named by `FAULTS_CLOCK` says, ms. SIGUSR2 reads it anew, which is a step of the clock.
 */
import { readFileSync } from 'node:fs';

const file = process.env.FAULTS_CLOCK ?? '';
const RealDate = Date;
let offsetMs = Number(readFileSync(file, 'utf8'));

process.on('SIGUSR2', () => {
  offsetMs = Number(readFileSync(file, 'utf8'));
});

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as object,
  apply: () => new RealDate(now()).toString(),
  get: (target, key, receiver) => (key === 'now' ? now : Reflect.get(target, key, receiver)),
});

function now(): number {
  return RealDate.now() + offsetMs;
}
