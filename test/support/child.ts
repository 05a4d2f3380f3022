import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

const living = new Set<ChildProcess>();

// Also when a test file is ended before it could clean up.
process.once('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

/** A process that does not outlive this one. */
export function spawnChild(program: string, args: string[], options: SpawnOptions): ChildProcess {
  const child = spawn(program, args, options);
  living.add(child);
  child.once('exit', () => living.delete(child));
  return child;
}

/** Sends the signal and resolves when the process is gone, with its exit code; null when a signal ended it. */
export async function endChild(
  child: ChildProcess,
  signal: 'SIGKILL' | 'SIGTERM',
): Promise<number | null> {
  if (living.has(child)) {
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }
  return child.exitCode;
}

/** A process and those that it started, as Linux tells. */
export function family(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return [
      pid,
      ...children
        .split(' ')
        .filter(Boolean)
        .flatMap((child) => family(Number(child))),
    ];
  } catch {
    return [pid];
  }
}

/** To all of them, as whatever happens to a machine happens to a server and its workers at once. */
export function signalAll(pid: number, signal: NodeJS.Signals): void {
  for (const member of family(pid)) {
    try {
      process.kill(member, signal);
    } catch {
      // It has ended meanwhile.
    }
  }
}
