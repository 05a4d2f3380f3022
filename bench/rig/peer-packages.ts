import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A package of its own: what others need is installed for nobody who does not ask for them. From dist/bench/bench/rig. */
const PEERS = new URL('../../../../bench/peers/', import.meta.url);
const WITHIN_MS = 120_000;
/** Of what npm says: the code of the error, and what it was. */
const LINES_SHOWN = 4;

/** A module of bench/peers, which runs there as it is. */
export function peerModule(name: string): URL {
  return new URL(name, PEERS);
}

/** Says on stderr what the tables will lack. */
export function leftOut(who: string, why: string): void {
  console.error(`${who} left out: ${why}`);
}

/** @returns why not, where the packages of bench/peers are not there and cannot be installed */
export function installPeers(): string | undefined {
  const lock = new URL('package-lock.json', PEERS);
  const installed = new URL('node_modules/.package-lock.json', PEERS);
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs)
    return undefined;
  console.error('Installing the packages of bench/peers …');
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error', '--fetch-retries=0'];
  const { status, stderr, error } = spawnSync('npm', args, {
    cwd: fileURLToPath(PEERS),
    encoding: 'utf8',
    timeout: WITHIN_MS,
  });
  if (status === 0) return undefined;
  const said = stderr
    ?.split('\n')
    .map((line) => line.replace(/^npm (error|ERR!) ?/, '').trim())
    .filter((line) => line !== '')
    .slice(0, LINES_SHOWN);
  return `npm could not install their packages (${error?.message ?? said?.join('; ') ?? status})`;
}
