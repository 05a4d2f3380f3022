import cluster, { type Worker } from 'node:cluster';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../archive/embedded.js';
import type { Config } from '../config.js';
import { createLog } from '../log.js';
import { type LocalRedis, startLocalRedis } from '../store/local-redis/index.js';
import { CEILINGS } from '../transports/rate-limit.js';
import { CeilingsTaken } from './ceilings.js';
import { FOLDER_VARIABLE, LATER_VARIABLE, type ToPrimary, type ToWorker } from './messages.js';
import { WorkerPool } from './pool.js';
import { Tally } from './tally.js';

/** What a worker needs to end beyond `DRAIN_SECONDS`, ms; past it, it is killed. */
const END_MS = 10_500;
const TRY_AGAIN_MS = 2_000;

/** The process that starts the workers, and serves nothing itself. What it starts, `close()` ends. */
export class Primary {
  readonly log;
  private readonly config: Config;
  private readonly folder = mkdtempSync(join(tmpdir(), 'livehold-workers-'));
  private readonly unwanted = new AbortController();
  /** Those that receive messages. */
  private readonly present = new Map<number, Worker>();
  private readonly taken = new CeilingsTaken(CEILINGS);
  private readonly tally = new Tally(() => [...this.present.values()]);
  private localRedis: LocalRedis | undefined;
  private localArchive: EmbeddedPostgres | undefined;
  private openingArchive = Promise.resolve();
  private pool: WorkerPool | undefined;
  private closing: Promise<void> | undefined;

  constructor(config: Config) {
    this.config = config;
    this.log = createLog(config.logLevel);
    cluster.setupPrimary({ exec: fileURLToPath(new URL('../main.js', import.meta.url)) });
    cluster.on('message', (worker, message: ToPrimary, socket?: Socket) =>
      this.hear(worker, message, socket),
    );
  }

  /** Resolves when all workers serve. Throws when they cannot, in one line of the worker's or of this process's. */
  async start(): Promise<void> {
    const port = this.config.port || (await freePort(this.config.host));
    const common = { ...process.env, PORT: String(port), [FOLDER_VARIABLE]: this.folder };
    this.pool = new WorkerPool({
      count: this.config.workers,
      env: { ...common, LIVEHOLD_DEMO: 'false', [LATER_VARIABLE]: 'true' },
      firstEnv: { LIVEHOLD_DEMO: String(this.config.demo), [LATER_VARIABLE]: 'false' },
      log: this.log,
      onGone: (worker) => this.gone(worker),
    });
    // Nobody waits for it, and what keeps it away may go.
    this.openingArchive = this.openArchive();
    await Promise.all([this.startRedis(), this.pool.start()]);
    const url = this.config.publicUrl ?? `http://localhost:${port}`;
    this.log.info({ port, url, workers: this.config.workers }, 'livehold is up');
  }

  /** Every worker is replaced by a new one, which runs the program as it is on disk by now. */
  async restart(): Promise<void> {
    this.log.info('replacing all workers, one after the other');
    await this.pool?.restart();
    this.log.info('all workers replaced');
  }

  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async startRedis(): Promise<void> {
    if (this.config.redisUrl !== undefined) return;
    const { dataDir } = this.config;
    const { log, unwanted } = this;
    this.localRedis = await startLocalRedis({ dataDir, log, signal: unwanted.signal });
    for (const worker of this.present.values()) this.greet(worker);
  }

  private async openArchive(): Promise<void> {
    const { archive } = this.config;
    if (!archive || !('embeddedIn' in archive)) return;
    while (!this.localArchive && !this.unwanted.signal.aborted) {
      try {
        this.localArchive = await startEmbeddedPostgres(archive.embeddedIn);
      } catch (error) {
        this.log.warn({ reason: String(error) }, 'the archive cannot be opened; tried again');
        await delay(TRY_AGAIN_MS, undefined, { signal: this.unwanted.signal }).catch(() => {});
      }
    }
    for (const worker of this.present.values()) this.greet(worker);
  }

  private async end(): Promise<void> {
    this.unwanted.abort();
    await this.pool?.stop(this.config.drainSeconds * 1_000 + END_MS);
    await this.openingArchive;
    await this.localArchive?.stop();
    await this.localRedis?.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private greet(worker: Worker): void {
    if (this.localRedis) send(worker, { kind: 'local redis', url: this.localRedis.url });
    if (this.localArchive) send(worker, { kind: 'local archive', url: this.localArchive.url });
  }

  private hear(worker: Worker, message: ToPrimary, socket: Socket | undefined): void {
    switch (message.kind) {
      case 'hello':
        this.present.set(worker.id, worker);
        for (const taken of this.taken.known()) send(worker, taken);
        this.greet(worker);
        return;
      case 'ready':
        this.pool?.ready(worker);
        return;
      case 'metrics':
        void this.tally
          .text()
          .then((text) => send(worker, { kind: 'metrics', id: message.id, text }));
        return;
      case 'counts':
        this.tally.answered(message.id, message.counts);
        return;
      case 'taken':
        this.taken.note(worker.id, message);
        this.sendOthers(worker.id, message);
        return;
      case 'hand-over': {
        const owner = this.present.get(message.to);
        if (owner && socket) send(owner, message, socket);
        else socket?.destroy();
      }
    }
  }

  private gone(worker: Worker): void {
    this.present.delete(worker.id);
    void this.tally.gone(worker);
    for (const taken of this.taken.gone(worker.id)) this.sendOthers(worker.id, taken);
  }

  private sendOthers(id: number, message: ToWorker): void {
    for (const worker of this.present.values()) if (worker.id !== id) send(worker, message);
  }
}

/** A worker that has just died receives nothing any more. */
function send(worker: Worker, message: ToWorker, socket?: Socket): void {
  if (worker.isConnected()) worker.send(message, socket, undefined, () => {});
}

/** A port of the system's choice, for all workers to share. */
async function freePort(host: string): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
