import type { Order } from '../../../../src/protocol/order.js';

/** What a transfer is expected to be of: with the unique part, where the shop has them. */
export function amountDue({ payment, total }: Order): number {
  return payment?.method === 'bank_transfer' ? payment.amount : total;
}

/** The codes of orders that expect the same amount, by that amount. */
export type SameAmounts = ReadonlyMap<number, readonly string[]>;

export function sameAmounts(orders: readonly Order[]): SameAmounts {
  const codes = new Map<number, string[]>();
  for (const order of orders) {
    const amount = amountDue(order);
    codes.set(amount, [...(codes.get(amount) ?? []), order.code]);
  }
  return new Map([...codes].filter(([, those]) => those.length > 1));
}
