import { hash } from 'node:crypto';
import type { Order, OrderStatus } from '../../src/protocol/order.js';
import type { Device, ViewerState } from './device.js';
import type { Findings } from './findings.js';

/** What may follow upon each status; one is told again when money has moved that does not change it. */
const NEXT: Record<OrderStatus, OrderStatus[]> = {
  awaiting_payment: ['awaiting_payment', 'paid', 'expired', 'cancelled'],
  expired: ['expired', 'paid', 'needs_refund', 'refunded'],
  cancelled: ['cancelled', 'paid', 'needs_refund', 'refunded'],
  paid: ['paid', 'refunded'],
  needs_refund: ['needs_refund', 'refunded'],
  refunded: ['refunded'],
};

interface Told {
  status: OrderStatus;
  /** Of the whole payload: the same again is the same notification again. */
  digest: string;
}

export interface OrderHistory {
  /** As last heard of. */
  order: Pick<Order, 'orderId' | 'lines' | 'status'>;
  /** When it was asked for, or heard of first. */
  readonly since: number;
  readonly told: Told[][];
  /** Statuses that answers told. */
  readonly acked: Set<OrderStatus>;
  /** How its stock came back, the first time that it did. */
  freed: 'order_expired' | 'order_cancelled' | undefined;
  /** By the clients' own account its units were theirs until here; undefined while nothing says so; clients' clock. */
  heldUntil: number | undefined;
  /** The viewer has asked for its end. */
  cancelling: boolean;
}

/** The orders of one viewer. */
export class ViewerOrders {
  readonly all = new Map<string, OrderHistory>();

  /** What an answer says of an order. @param sentAt when the command was sent */
  answered(order: Order, sentAt: number): OrderHistory {
    const entry = this.entry(order, sentAt);
    entry.acked.add(order.status);
    // An answer may be older than what has been told since.
    if (entry.told.length === 0) this.update(entry, order);
    return entry;
  }

  /** An `order:updated`. @param payload its JSON text */
  heard(device: Device, order: Order, payload: string, at: number): OrderHistory {
    const entry = this.entry(order, at);
    entry.told[device.index] ??= [];
    entry.told[device.index]?.push({ status: order.status, digest: hash('sha1', payload) });
    this.update(entry, order);
    return entry;
  }

  judge(viewer: ViewerState, findings: Findings): void {
    for (const entry of this.all.values()) {
      const there = viewer.devices.filter((device) => !device.lost && device.from <= entry.since);
      const told = there.map((device) => entry.told[device.index] ?? []);
      const most = told.reduce((a, b) => (b.length > a.length ? b : a), []);
      const status = finalStatus(entry, viewer);
      for (const device of viewer.devices) {
        const mine = entry.told[device.index] ?? [];
        const where = `${entry.order.orderId} of ${viewer.viewerId}, device ${device.index}`;
        judgeSequence(mine, where, findings);
        if (device.lost) continue;
        if (there.includes(device)) judgeComplete(mine, most, entry, where, findings);
        const known = mine.at(-1)?.status ?? snapshotStatus(device, entry.order.orderId);
        if (!known || !status) continue;
        findings.checked('told');
        if (known !== status) findings.broken('told', `order ${status}`, `${where}: ${known}`);
      }
    }
  }

  /** What an order came to, and how its stock came back if it did. */
  outcomeOf(
    entry: OrderHistory,
    viewer: ViewerState,
  ): Pick<OrderHistory, 'freed'> & { status: OrderStatus } {
    const status = finalStatus(entry, viewer) ?? entry.order.status;
    if (entry.freed || (status !== 'expired' && status !== 'cancelled'))
      return { status, freed: entry.freed };
    return { status, freed: `order_${status}` };
  }

  private update(entry: OrderHistory, { orderId, lines, status }: Order): void {
    entry.order = { orderId, lines, status };
    if (status === 'expired') entry.freed ??= 'order_expired';
    if (status === 'cancelled') entry.freed ??= 'order_cancelled';
  }

  private entry({ orderId, lines, status }: Order, since: number): OrderHistory {
    let entry = this.all.get(orderId);
    if (!entry) {
      entry = {
        order: { orderId, lines, status },
        since,
        told: [],
        acked: new Set(),
        freed: undefined,
        heldUntil: undefined,
        cancelling: false,
      };
      this.all.set(orderId, entry);
    }
    return entry;
  }
}

/** Nothing twice in a row, and nothing after what cannot come before it. */
function judgeSequence(told: Told[], where: string, findings: Findings): void {
  findings.checked('once', told.length);
  for (const [i, { status, digest }] of told.entries()) {
    const before = told[i - 1];
    if (before?.digest === digest) findings.broken('once', `order ${status}`, where);
    else if (before && !NEXT[before.status].includes(status))
      findings.broken('order', 'order', `${where}: ${status} after ${before.status}`);
  }
}

/** A device that was there all the time was told all that any other was, and all that answers said. */
function judgeComplete(
  told: Told[],
  most: Told[],
  { acked }: OrderHistory,
  where: string,
  findings: Findings,
): void {
  const digests = new Set(told.map(({ digest }) => digest));
  for (const { status, digest } of most) {
    findings.checked('told');
    if (!digests.has(digest)) findings.broken('told', `order ${status}`, where);
  }
  for (const status of acked) {
    findings.checked('told');
    if (!told.some((one) => one.status === status) && !most.some((one) => one.status === status))
      findings.broken('told', `order ${status}`, where);
  }
}

/** As the server says it is, if the order is among the newest that it shows. */
function finalStatus({ order }: OrderHistory, { final }: ViewerState): OrderStatus | undefined {
  return final?.me.orders.find(({ orderId }) => orderId === order.orderId)?.status;
}

function snapshotStatus({ snapshot }: Device, orderId: string): OrderStatus | undefined {
  return snapshot?.me.orders.find((order) => order.orderId === orderId)?.status;
}
