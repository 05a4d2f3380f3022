import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import type { Methods } from './child.js';

interface Call {
  id: number;
  method: string;
  args: unknown[];
}

/** CPU time and memory of this process. */
export interface Usage {
  /** User and system time since its start, µs. */
  cpuMicros: number;
  /** Resident memory, bytes. */
  rss: number;
  heapUsed: number;
}

const profiler = new Session();

/** What every child answers, besides methods of its own. */
const common = {
  usage(): Usage {
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed } = process.memoryUsage();
    return { cpuMicros: user + system, rss, heapUsed };
  },
  /** Collects garbage, so that memory is what is kept. */
  collect(): void {
    for (let i = 0; i < 3; i++) globalThis.gc?.();
  },
  async startProfile(): Promise<void> {
    profiler.connect();
    await profiler.post('Profiler.enable');
    await profiler.post('Profiler.start');
  },
  /** @param file for the CPU profile since `startProfile` */
  async stopProfile(file: string): Promise<void> {
    const { profile } = await profiler.post('Profiler.stop');
    profiler.disconnect();
    writeFileSync(file, JSON.stringify(profile));
  },
};
export type Common = typeof common;

/** Answers the parent's calls until it disconnects; then `close` runs and the process ends. */
export function serve(methods: Methods, close: () => Promise<void> | void = () => {}): void {
  const all: Methods = { ...common, ...methods };
  process.on('message', (call: Call) => {
    Promise.resolve()
      .then(() => all[call.method]?.(...call.args))
      .then(
        (result) => ({ id: call.id, result }),
        (error: unknown) => ({
          id: call.id,
          error: error instanceof Error ? (error.stack ?? error.message) : String(error),
        }),
      )
      .then((answer) => process.connected && process.send?.(answer))
      .catch((error: unknown) => console.error(error));
  });
  process.on('disconnect', () => {
    Promise.resolve(close()).then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
  // Ctrl-C reaches the whole group; the parent ends us in order.
  process.on('SIGINT', () => {});
}
