import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { pinned } from './cores.js';

interface Answer {
  id: number;
  result?: unknown;
  error?: string;
}

/** What `npm run serve` gives the server, for all alike: garbage of thousands of commands at once wants room. */
const FLAGS = ['--max-semi-space-size=32'];
const STOP_WITHIN_MS = 10_000;
const running = new Set<ChildProcess>();

// However the parent ends, nothing that it started outlives it.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Methods that a child process answers, by name. */
// biome-ignore lint/suspicious/noExplicitAny: each method has arguments of its own
export type Methods = Record<string, (...args: any[]) => unknown>;

/** A process of the rig, pinned to a core, whose methods are called over IPC. */
export class Child<Api extends Methods> {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, (answer: Answer) => void>();
  private nextId = 0;
  private stopping = false;

  private constructor(child: ChildProcess, name: string) {
    this.child = child;
    running.add(child);
    child.on('message', (answer: Answer) => {
      this.waiting.get(answer.id)?.(answer);
      this.waiting.delete(answer.id);
    });
    child.on('exit', (code, signal) => {
      running.delete(child);
      if (this.stopping) return;
      // What it was asked for will never come, and the numbers of the rest would mean nothing.
      console.error(`${name} ended by itself (${signal ?? code})`);
      process.exit(1);
    });
  }

  /** @param core the core to pin it to, where the system can; undefined = any */
  static start<Api extends Methods>(
    module: URL,
    options: { core?: number | undefined; env?: Record<string, string> } = {},
  ): Child<Api> {
    const program = pinned(options.core, [process.execPath, '--expose-gc', ...FLAGS]);
    const child = fork(module, {
      execPath: program[0] ?? process.execPath,
      execArgv: program.slice(1),
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    return new Child<Api>(child, module.pathname.split('/').at(-1) ?? 'child');
  }

  call<Name extends keyof Api & string>(
    method: Name,
    ...args: Parameters<Api[Name]>
  ): Promise<Awaited<ReturnType<Api[Name]>>> {
    return new Promise((resolve, reject) => {
      const id = this.nextId++;
      this.waiting.set(id, ({ result, error }) => {
        if (error === undefined) resolve(result as Awaited<ReturnType<Api[Name]>>);
        else reject(new Error(error));
      });
      this.child.send({ id, method, args });
    });
  }

  async stop(): Promise<void> {
    this.stopping = true;
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    if (this.child.connected) this.child.disconnect();
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_WITHIN_MS);
    await gone;
    clearTimeout(timer);
  }
}
