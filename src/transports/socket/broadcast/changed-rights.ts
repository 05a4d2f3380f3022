import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Viewers } from '../../../services/viewers.js';
import { bookerOf } from '../../identity.js';
import type { Emitter } from './emitter.js';

/** Viewers whose rights one call looks at: what keeps Redis busy for well under a millisecond. */
const AT_ONCE = 50;
/** When Redis is away it is asked again after this time, ms. */
const ASK_AGAIN_MS = 1_000;

/** Publishes `viewer:updated` to whoever is here and may do something else since the rules of their shop changed. */
export class ChangedRights {
  private readonly emitter: Emitter;
  private readonly viewers: Viewers;
  private readonly log: Logger;
  private readonly closing = new AbortController();
  /** Changes are looked at one after the other, so that the last word is that of the last change. */
  private turn: Promise<void> = Promise.resolve();
  /** Viewers who are asked about now, each with a name in their shop. */
  private asked = new Set<string>();

  constructor(emitter: Emitter, viewers: Viewers, log: Logger) {
    this.emitter = emitter;
    this.viewers = viewers;
    this.log = log;
  }

  /** @param before the rules as they were */
  publish(shopId: string, before: object): void {
    const here = this.emitter.viewersOf(shopId).map(bookerOf);
    this.turn = this.turn.then(async () => {
      for (let from = 0; from < here.length; from += AT_ONCE) {
        await this.publishTo(shopId, before, here.slice(from, from + AT_ONCE));
      }
    });
  }

  /** The stream has said itself what the viewer may do, and says what follows: an answer on the way may be older. */
  isPublished(shopId: string, viewerId: string): void {
    this.asked.delete(`${shopId} ${viewerId}`);
  }

  close(): void {
    this.closing.abort();
  }

  private async publishTo(
    shopId: string,
    before: object,
    bookers: ReturnType<typeof bookerOf>[],
  ): Promise<void> {
    this.asked = new Set(bookers.map(({ viewerId }) => `${shopId} ${viewerId}`));
    for (const { viewerId, ...change } of await this.ask(shopId, before, bookers)) {
      if (!this.asked.has(`${shopId} ${viewerId}`)) continue;
      this.emitter.toViewer(shopId, viewerId, 'viewer:updated', JSON.stringify(change));
    }
    this.asked.clear();
  }

  private async ask(
    ...[shopId, before, bookers]: Parameters<Viewers['rightsChanged']>
  ): ReturnType<Viewers['rightsChanged']> {
    const { signal } = this.closing;
    while (!signal.aborted) {
      try {
        return await this.viewers.rightsChanged(shopId, before, bookers);
      } catch (error) {
        this.log.warn(
          { shopId, error: String(error) },
          'could not look at rights; tried again soon',
        );
        await delay(ASK_AGAIN_MS, undefined, { signal, ref: false }).catch(() => {});
      }
    }
    return [];
  }
}
