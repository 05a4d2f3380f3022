import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { FILE_MARKS_KEY } from '../store/keys.js';
import type { Store } from '../store/store.js';

/** While Redis writes its file anyway, or is away, it is asked again so often, and so many times. */
const ASK_AGAIN_MS = 2_000;
const MOST_ASKED = 100;
/** Between two looks whether it has ended, ms. */
const LOOK_AGAIN_MS = 200;

/**
 * Has Redis write its append-only file anew after somebody was erased, in local mode, where nobody else does it. Redis keeps a
 * mark of each who waits for that, so it is done by the next server when this one does not live to see its end.
 */
export class RedisFile {
  private readonly store: Store;
  private readonly log: Logger;
  private readonly stopping = new AbortController();
  private wanted = false;
  private isWorking = false;

  constructor(store: Store, log: Logger) {
    this.store = store;
    this.log = log;
  }

  /** After all of an erasure, and before it is answered: a file that is begun to be written earlier may have the person still. */
  async mark(): Promise<void> {
    const mark = { score: 0, value: randomUUID() };
    await this.store.read((redis) => redis.zAdd(FILE_MARKS_KEY, mark));
  }

  /** Does what is marked. Nobody waits for it. */
  start(): void {
    this.wanted = true;
    if (!this.isWorking) void this.work();
  }

  stop(): void {
    this.stopping.abort();
  }

  private async work(): Promise<void> {
    this.isWorking = true;
    for (let asked = 0; this.wanted && asked < MOST_ASKED; asked++) {
      this.wanted = false;
      // Another may have been erased meanwhile.
      if (!(await this.step().catch(() => false))) this.wanted = true;
      if (this.wanted) await this.pause(ASK_AGAIN_MS);
      if (this.stopping.signal.aborted) this.wanted = false;
    }
    this.isWorking = false;
    if (this.wanted)
      this.log.error("Redis's file was not written anew: the next start tries again");
  }

  /** Answers whether no mark is left. One that comes while the file is written stays for the next time. */
  private async step(): Promise<boolean> {
    const marks = await this.store.read((redis) => redis.zRange(FILE_MARKS_KEY, 0, -1));
    if (marks.length === 0) return true;
    for (const node of this.store.masters().values()) {
      await node.bgRewriteAof();
      let info = '';
      do {
        await this.pause(LOOK_AGAIN_MS);
        if (this.stopping.signal.aborted) return false;
        info = await node.info('persistence');
      } while (/^aof_rewrite_(in_progress|scheduled):1/m.test(info));
      // Of a Redis that has died meanwhile it is said that none has ended.
      const isWritten =
        /^aof_last_bgrewrite_status:ok/m.test(info) && !/^aof_last_rewrite_time_sec:-1/m.test(info);
      if (!isWritten) return false;
    }
    await this.store.read((redis) => redis.zRem(FILE_MARKS_KEY, marks));
    return true;
  }

  private async pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.stopping.signal, ref: false }).catch(() => {});
  }
}
