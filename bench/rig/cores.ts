import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** The server under test has a core to itself; its load and its Redis share the other. */
export const SERVER_CORE = 0;
export const CLIENT_CORE = 1;

/** Whether processes can be pinned here: `taskset` is there, and so are two cores. */
export const canPin =
  availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0;

/** The command that runs `command` on a core, or anywhere when there is nothing to pin with. */
export function pinned(core: number | undefined, command: string[]): string[] {
  return canPin && core !== undefined ? ['taskset', '-c', String(core), ...command] : command;
}
