import { randomUUID } from 'node:crypto';
import { BellCheck } from '../redis/bell-check.js';
import { scripts } from '../scripts/index.js';
import type { Store } from '../store.js';

/** A loss that nobody has accepted yet. */
interface Loss {
  /** When it was noticed, epoch ms. */
  at: number;
  /** What the store said then of acceptances: another word is a new one. */
  accepted: string;
}

/**
 * What this server knows of the data on one master: that it takes writes, that its pub/sub delivers, and that it still is the
 * data that was there before.
 */
export class Pulse {
  private readonly store: Store;
  private readonly key: string;
  private bell: BellCheck | undefined;
  private epoch = '';
  private mark = '';
  private unaccepted: Loss | undefined;

  constructor(store: Store, key: string) {
    this.store = store;
    this.key = key;
  }

  get loss(): Loss | undefined {
    return this.unaccepted;
  }

  /** Answers whether data is found to be lost just now. Throws why the store does not serve. */
  async beat(): Promise<boolean> {
    this.bell ??= await BellCheck.at(this.key, (channel, ring) => this.store.listen(channel, ring));
    const { bell } = this;
    return bell.rings(() => this.ask(bell.channel));
  }

  async stop(): Promise<void> {
    await this.bell?.stop();
  }

  private async ask(channel: string): Promise<boolean> {
    const args = [channel, randomUUID(), this.epoch, this.mark, randomUUID()];
    const { epoch, mark, lost, accepted } = await this.store.runAt(scripts.pulse, this.key, args);
    this.epoch = epoch;
    this.mark = mark;
    if (lost) this.unaccepted = { at: Date.now(), accepted };
    else if (this.unaccepted && accepted !== this.unaccepted.accepted) this.unaccepted = undefined;
    return lost;
  }
}
