import { spawnSync } from 'node:child_process';
import { SetupError } from './setup-error.mjs';

/**
 * What a program prints, or `undefined` when it is not there or fails.
 * @param {string} program
 * @param {string[]} args
 * @returns {string | undefined}
 */
export function outputOf(program, args) {
  const { status, stdout } = spawnSync(program, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return status === 0 ? stdout : undefined;
}

/**
 * Runs a program in silence; when it fails, shows what it said and throws.
 * @param {string} doing the one line that tells what happens now
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd?: string, advice?: string }} [options]
 */
export function runQuietly(doing, program, args, { cwd, advice } = {}) {
  console.error(`${doing} …`);
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (status === 0) return;
  process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`);
  const reason = error?.message ?? `${program} ${args[0]} failed`;
  throw new SetupError(`${doing}: ${reason}${advice ? `; ${advice}` : ''}`);
}
