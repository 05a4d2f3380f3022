import cluster from 'node:cluster';
import type { Socket } from 'node:net';
import type { Registry } from 'prom-client';
import {
  type Counts,
  FOLDER_VARIABLE,
  LATER_VARIABLE,
  socketOf,
  type ToPrimary,
  type ToWorker,
} from './messages.js';

/** A worker's line to the process that started it, and through that to the other workers. */
export class WorkerLink {
  readonly id: number;
  /** Others serve already. */
  readonly isLater = process.env[LATER_VARIABLE] === 'true';
  /** How many workers share the port. */
  readonly workers: number;
  private readonly folder: string;
  private readonly redisUrl = new Address();
  private readonly archiveUrl = new Address();
  private registry: Registry | undefined;
  private readonly scrapes = new Map<number, (text: string) => void>();
  private readonly limits = new Map<string, (key: string, points: number) => void>();
  private readonly unsent = new Map<string, Map<string, number>>();
  private takeOver: ((socket: Socket, request: Buffer) => void) | undefined;

  /** @param workers how many workers share the port */
  constructor(workers: number) {
    this.id = cluster.worker?.id ?? 0;
    this.workers = workers;
    this.folder = process.env[FOLDER_VARIABLE] ?? '';
    process.on('message', (message: ToWorker, socket?: Socket) => void this.hear(message, socket));
    this.send({ kind: 'hello' });
  }

  /** The address of the private Redis that all workers share, once it is up. */
  localRedis(): Promise<string> {
    return this.redisUrl.known;
  }

  /** The address of the embedded database of the archive that all workers share, once it is up. */
  localArchive(): Promise<string> {
    return this.archiveUrl.known;
  }

  ready(): void {
    this.send({ kind: 'ready' });
  }

  /** From now on what is counted here is part of what `metrics()` of any worker answers. */
  counting(registry: Registry): void {
    this.registry = registry;
  }

  /** The metrics of all workers together. */
  metrics(): Promise<string> {
    const id = nextId++;
    return new Promise((resolve) => {
      this.scrapes.set(id, resolve);
      this.send({ kind: 'metrics', id });
    });
  }

  /** Calls back with what other workers have taken from this limit. */
  onTaken(limit: string, listener: (key: string, points: number) => void): void {
    this.limits.set(limit, listener);
  }

  /** Notifies the other workers at the end of this turn of the event loop, together with what else it took. */
  taken(limit: string, key: string, points: number): void {
    if (this.unsent.size === 0) setImmediate(() => this.sendTaken());
    let by = this.unsent.get(limit);
    if (!by) {
      by = new Map();
      this.unsent.set(limit, by);
    }
    by.set(key, (by.get(key) ?? 0) + points);
  }

  /** Where a worker listens for what others pass on to it. */
  socketOf(worker: number): string {
    return socketOf(this.folder, worker);
  }

  /** Gives a connection to another worker, with what has been read of it. */
  handOver(to: number, socket: Socket, request: Buffer): void {
    this.send({ kind: 'hand-over', to, request: request.toString('base64') }, socket);
  }

  onHandOver(listener: (socket: Socket, request: Buffer) => void): void {
    this.takeOver = listener;
  }

  private async hear(message: ToWorker, socket: Socket | undefined): Promise<void> {
    switch (message.kind) {
      case 'metrics':
        this.scrapes.get(message.id)?.(message.text);
        this.scrapes.delete(message.id);
        return;
      case 'count': {
        const counts = ((await this.registry?.getMetricsAsJSON()) ?? []) as Counts;
        this.send({ kind: 'counts', id: message.id, counts });
        return;
      }
      case 'taken':
        for (const [key, points] of message.by) this.limits.get(message.limit)?.(key, points);
        return;
      case 'hand-over':
        if (socket) this.takeOver?.(socket, Buffer.from(message.request, 'base64'));
        return;
      case 'local redis':
        this.redisUrl.resolve(message.url);
        return;
      case 'local archive':
        this.archiveUrl.resolve(message.url);
    }
  }

  private sendTaken(): void {
    for (const [limit, by] of this.unsent) this.send({ kind: 'taken', limit, by: [...by] });
    this.unsent.clear();
  }

  /** When the primary process is gone, so is this one in a moment. */
  private send(message: ToPrimary, socket?: Socket): void {
    if (process.connected) process.send?.(message, socket, undefined, () => {});
  }
}

let nextId = 0;

/** An address that becomes known later. */
class Address {
  resolve: (url: string) => void = () => {};
  readonly known = new Promise<string>((resolve) => {
    this.resolve = resolve;
  });
}
