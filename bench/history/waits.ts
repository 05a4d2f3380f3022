import type { WaitlistEntry } from '../../src/protocol/waitlist.js';
import { type Chain, judgeTold, type Kind, newChain, statesOf, tell } from './chain.js';
import type { Device, ViewerState } from './device.js';
import type { Findings } from './findings.js';

const WAITING = 'waiting';
const WAIT: Kind = {
  name: 'waitlist entry',
  compare: (a, b) => Number(a !== WAITING) - Number(b !== WAITING),
};

/** The waitlist entries of one viewer. */
export class ViewerWaits {
  private readonly all = new Map<string, Chain & { itemId: string }>();

  /** What an answer says of an entry. @param sentAt when the command was sent */
  answered(entry: WaitlistEntry, sentAt: number): void {
    const chain = this.chain(entry, sentAt);
    if (!chain.acked.includes(entry.status)) chain.acked.push(entry.status);
  }

  /** A `waitlist:updated`. */
  heard(device: Device, entry: WaitlistEntry, at: number): void {
    tell(this.chain(entry, at), device, entry.status);
  }

  judge(viewer: ViewerState, findings: Findings): void {
    for (const [id, chain] of this.all) {
      const states = statesOf(chain, WAIT);
      const isIn = (me: { waitlist: WaitlistEntry[] } | undefined) =>
        me?.waitlist.some(({ entryId }) => entryId === id) ?? false;
      const waits = isIn(viewer.final?.me);
      const over = states.some((state) => state !== WAITING);
      if (waits && over)
        findings.broken('told', 'waitlist entry', `${id}: told ${states.join(', ')}, and waits`);
      if (viewer.final && !waits && !over) states.push('over');
      const shown = ({ snapshot }: Device) => (isIn(snapshot?.me) ? WAITING : undefined);
      judgeTold({ id, chain, kind: WAIT, states, shown }, viewer, findings);
    }
  }

  /** Items that the viewer ever waited for. */
  get itemIds(): Set<string> {
    return new Set([...this.all.values()].map(({ itemId }) => itemId));
  }

  private chain({ entryId, itemId }: WaitlistEntry, since: number): Chain {
    let chain = this.all.get(entryId);
    if (!chain) {
      chain = { ...newChain(since), itemId };
      this.all.set(entryId, chain);
    }
    return chain;
  }
}
