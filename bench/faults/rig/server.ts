import { readFileSync } from 'node:fs';
import { family, signalAll } from '../../../test/support/child.js';
import { type ServerProcess, spawnServer } from '../../../test/support/server-process.js';

interface Readiness {
  reason?: string;
  archive?: { ok: boolean; behindSeconds: number };
}

/** A place for a server: an address that stays the same, whichever process answers there. */
export class Server {
  readonly url: string;
  private readonly environment: { redisUrl: string } & NodeJS.ProcessEnv;
  private process: ServerProcess | undefined;

  constructor(port: number, environment: { redisUrl: string } & NodeJS.ProcessEnv) {
    this.url = `http://127.0.0.1:${port}`;
    this.environment = { ...environment, PORT: String(port) };
  }

  /** Resolves when it serves. */
  async start(): Promise<void> {
    this.process = await spawnServer(this.environment);
  }

  /** `SIGKILL`, as a power cut would end it; `SIGTERM`, as whoever rolls out a new version does. */
  async end(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    const { process } = this;
    this.process = undefined;
    await process?.kill(signal);
  }

  /** Connections stay open and nothing answers. */
  freeze(): void {
    this.process?.freeze();
  }

  thaw(): void {
    this.process?.thaw();
  }

  signal(name: NodeJS.Signals): void {
    if (this.process) signalAll(this.process.pid, name);
  }

  /** Whether the process that was started and not ended is still there. */
  get hasCrashed(): boolean {
    return this.process !== undefined && this.residentMb === 0;
  }

  /** Why it says that it cannot serve; undefined when it can. */
  async unreadiness(): Promise<string | undefined> {
    try {
      const { isReady, reason } = await this.readiness();
      return isReady ? undefined : (reason ?? 'no reason');
    } catch (error) {
      return String(error);
    }
  }

  async readiness(): Promise<Readiness & { isReady: boolean }> {
    const response = await this.get('/readyz');
    return { ...((await response.json()) as Readiness), isReady: response.ok };
  }

  /** The value of one of its metrics, NaN when it says none. */
  async metric(name: string): Promise<number> {
    const text = await (await this.get('/metrics')).text();
    const line = text.split('\n').find((one) => one.startsWith(`${name} `));
    return Number(line?.split(' ')[1] ?? Number.NaN);
  }

  private get(path: string): Promise<Response> {
    return fetch(`${this.url}${path}`, { signal: AbortSignal.timeout(3_000) });
  }

  /** Resident memory of it and its workers, MB; 0 when there is no process. */
  get residentMb(): number {
    if (!this.process) return 0;
    return family(this.process.pid).reduce((sum, pid) => sum + residentMb(pid), 0);
  }
}

function residentMb(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1_024;
  } catch {
    return 0;
  }
}
