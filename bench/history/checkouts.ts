import type { Checkout } from '../../src/protocol/checkout.js';
import type { Device, ViewerState } from './device.js';
import type { Findings } from './findings.js';

interface CheckoutHistory {
  /** When it was asked for, by the answer that told of it first. */
  readonly sentAt: number;
  /** How the viewer ended it; undefined when nobody but time, or another checkout, can have. */
  end: 'left' | 'ordered' | undefined;
  /** Times that each device was told that it has expired. */
  readonly told: number[];
}

/** The checkouts of one viewer. */
export class ViewerCheckouts {
  private readonly all = new Map<string, CheckoutHistory>();

  started({ checkoutId }: Checkout, sentAt: number): void {
    if (!this.all.has(checkoutId)) this.all.set(checkoutId, { sentAt, end: undefined, told: [] });
  }

  ended(checkoutId: string, end: 'left' | 'ordered'): void {
    const entry = this.all.get(checkoutId);
    if (entry) entry.end ??= end;
  }

  /** A `checkout:expired`, which may come before the answer that tells of the checkout. */
  heard(device: Device, checkoutId: string, at: number): void {
    const entry = this.all.get(checkoutId) ?? { sentAt: at, end: undefined, told: [] };
    this.all.set(checkoutId, entry);
    entry.told[device.index] = (entry.told[device.index] ?? 0) + 1;
  }

  judge({ viewerId, devices, final }: ViewerState, findings: Findings): void {
    for (const [checkoutId, { sentAt, end, told }] of this.all) {
      const open = final?.me.checkout?.checkoutId === checkoutId;
      const expired = final !== undefined && !open && end === undefined;
      for (const device of devices) {
        const times = told[device.index] ?? 0;
        const where = `${checkoutId} of ${viewerId}, device ${device.index}`;
        findings.checked('once', times);
        if (times > 1 || (times > 0 && (open || end === 'ordered')))
          findings.broken('once', 'checkout', `${where}: told ${times} times, ${end ?? 'open'}`);
        if (!expired || device.lost || device.from > sentAt) continue;
        findings.checked('told');
        if (times === 0) findings.broken('told', 'checkout expired', where);
      }
    }
  }
}
