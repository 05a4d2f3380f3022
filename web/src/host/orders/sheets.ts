import type { HostOrder } from '../../../../src/protocol/http.js';

/** What can be printed of orders. */
export const SHEETS = ['invoice', 'slip', 'label', 'picking'] as const;
export type Sheet = (typeof SHEETS)[number];

/** Orders at once: the sheets of a night. More are printed in parts. */
export const MOST_PRINTED = 200;

/** Orders that go into one parcel: of one viewer, to the same recipient, in the order of their first. */
export function byBuyer(orders: readonly HostOrder[]): HostOrder[][] {
  const groups = new Map<string, HostOrder[]>();
  for (const order of orders) {
    const key = JSON.stringify([order.viewerId, order.delivery, order.recipient ?? null]);
    groups.set(key, [...(groups.get(key) ?? []), order]);
  }
  return [...groups.values()];
}

/** How many goods. */
export function unitsOf(orders: readonly HostOrder[]): number {
  return orders.reduce(
    (sum, order) => sum + order.lines.reduce((units, line) => units + line.quantity, 0),
    0,
  );
}
