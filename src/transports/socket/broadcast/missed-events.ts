import type { LiveEvents } from '../../../protocol/events.js';
import type { Viewers } from '../../../services/viewers.js';
import { bookerOf, type Identity } from '../../identity.js';
import type { Emitter } from './emitter.js';

/** Viewers whose own events are read at the same time: thousands may be here. */
const AT_ONCE = 16;

/** Publishes to viewers what is theirs alone, after a time in which the shop's events could not be followed. */
export class MissedEvents {
  private readonly emitter: Emitter;
  private readonly viewers: Viewers;

  constructor(emitter: Emitter, viewers: Viewers) {
    this.emitter = emitter;
    this.viewers = viewers;
  }

  /** To every viewer of the shop who is here. @param since epoch ms of Redis's clock */
  async publish(shopId: string, since: number): Promise<void> {
    const here = this.emitter.viewersOf(shopId);
    const work = async () => {
      for (let next = here.pop(); next; next = here.pop()) await this.publishTo(next, since);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }

  private async publishTo(identity: Identity, since: number): Promise<void> {
    const { shopId, id } = identity;
    const { me, ended, moves } = await this.viewers.missed(shopId, bookerOf(identity), since);
    const send = <Event extends keyof LiveEvents>(
      event: Event,
      payload: Parameters<LiveEvents[Event]>[0],
    ) => this.emitter.toViewer(shopId, id, event, JSON.stringify(payload));
    for (const move of moves) send('reputation:changed', move);
    for (const booking of [...ended, ...me.bookings]) send('booking:updated', { booking });
    for (const order of [...me.orders].reverse()) send('order:updated', { order });
    for (const entry of me.waitlist) send('waitlist:updated', { entry });
    const { status, reputation, rights } = me;
    send('viewer:updated', { status, reputation, rights });
    send('me:replaced', { me });
  }
}
