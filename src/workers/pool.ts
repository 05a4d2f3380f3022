import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';

/** A worker that lived for less than this, ms, is replaced only after a pause: what ended it may well end the next. */
const SHORT_LIFE_MS = 5_000;
const PAUSE_MS = 1_000;

export interface PoolOptions {
  count: number;
  /** The environment of every worker. */
  env: NodeJS.ProcessEnv;
  /** Added to that of the first one. */
  firstEnv: NodeJS.ProcessEnv;
  log: Logger;
  /** Called with a worker that is gone, whatever ended it. */
  onGone: (worker: Worker) => void;
}

/** A worker ended before it served, and has said why. */
export class WorkerFailedError extends Error {
  override name = 'WorkerFailedError';
}

/** Keeps so many worker processes alive. */
export class WorkerPool {
  private readonly options: PoolOptions;
  private readonly starting = new Map<number, () => void>();
  /** Those whose end is wanted. */
  private readonly retiring = new Set<number>();
  private stopping = false;
  private served = false;
  private restarts: Promise<void> = Promise.resolve();

  constructor(options: PoolOptions) {
    this.options = options;
  }

  /**
   * Resolves when all of them serve; the others are started once the first one does, so that what keeps a server from starting
   * is said once. Rejects when the first one ends instead.
   */
  async start(): Promise<void> {
    await this.begin(this.options.firstEnv);
    this.served = true;
    const { count } = this.options;
    await Promise.all(Array.from({ length: count - 1 }, () => this.begin()));
  }

  /** The worker serves from now on. */
  ready(worker: Worker): void {
    this.starting.get(worker.id)?.();
    this.starting.delete(worker.id);
  }

  /** One after the other, each replaced before it is ended. Calls wait for each other. */
  restart(): Promise<void> {
    this.restarts = this.restarts.then(async () => {
      for (const worker of workers()) {
        if (this.stopping || worker.isDead()) continue;
        this.retiring.add(worker.id);
        await this.begin().catch(() => {});
        await end(worker, 'SIGTERM');
      }
    });
    return this.restarts;
  }

  /** Ends all of them as SIGTERM does. @param ms after which they are killed */
  async stop(ms: number): Promise<void> {
    this.stopping = true;
    const all = workers();
    const ended = Promise.all(all.map((worker) => end(worker, 'SIGTERM')));
    if ((await Promise.race([ended, delay(ms, 'late', { ref: false })])) === 'late')
      await Promise.all(all.map((worker) => end(worker, 'SIGKILL')));
  }

  private begin(env: NodeJS.ProcessEnv = {}): Promise<void> {
    const worker = cluster.fork({ ...this.options.env, ...env });
    const born = performance.now();
    return new Promise((resolve, reject) => {
      this.starting.set(worker.id, resolve);
      worker.once('exit', (code, signal) => {
        this.starting.delete(worker.id);
        this.options.onGone(worker);
        reject(new WorkerFailedError(`a worker ended with ${signal ?? code} before it served`));
        const wanted = this.retiring.delete(worker.id) || this.stopping || !this.served;
        if (!wanted) void this.replace(worker, performance.now() - born, signal ?? code);
      });
    });
  }

  private async replace(worker: Worker, lived: number, why: string | number): Promise<void> {
    const { log } = this.options;
    log.error({ worker: worker.id, pid: worker.process.pid, why }, 'a worker died; replaced');
    if (lived < SHORT_LIFE_MS) await delay(PAUSE_MS);
    if (!this.stopping) await this.begin().catch(() => {});
  }
}

function workers(): Worker[] {
  return Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
}

async function end(worker: Worker, signal: NodeJS.Signals): Promise<void> {
  if (worker.isDead()) return;
  const gone = once(worker, 'exit');
  worker.process.kill(signal);
  await gone;
}
