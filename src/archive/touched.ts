import type { StreamEntry } from '../store/events.js';

/** Ids of the records that some entries of the stream name. */
export interface Touched {
  bookings: Set<string>;
  orders: Set<string>;
  notices: Set<string>;
  refunds: Set<string>;
  /** Of viewers whose ledgers have grown. */
  ledgers: Set<string>;
  /** Of items whose stock was set or changed by the host. */
  restocks: Set<string>;
  /** Of those in `ledgers` whose older entries have changed too, for the viewer was erased. */
  erased: Set<string>;
}

export function nothingTouched(): Touched {
  return {
    bookings: new Set(),
    orders: new Set(),
    notices: new Set(),
    refunds: new Set(),
    ledgers: new Set(),
    restocks: new Set(),
    erased: new Set(),
  };
}

interface Named {
  booking?: { bookingId: string };
  order?: { orderId: string };
  refund?: { refundId: string; orderId: string };
}

/** The records that have changed with these entries: whatever changes one names it in the same entry. */
export function touchedBy(entries: StreamEntry[]): Touched {
  const touched = nothingTouched();
  for (const event of entries.flatMap((entry) => entry.events)) {
    if (event.type === 'booking' || event.type === 'order')
      note(touched, JSON.parse(event.payload));
    else if (event.type === 'fact') note(touched, JSON.parse(event.payload).data);
    else if (event.type === 'reputation') touched.ledgers.add(event.viewerId);
    else if (event.type === 'changed') {
      for (const kind of ['orders', 'notices', 'ledgers', 'restocks'] as const)
        for (const id of event[kind] ?? []) touched[kind].add(id);
    }
  }
  return touched;
}

function note(touched: Touched, { booking, order, refund }: Named): void {
  if (booking) touched.bookings.add(booking.bookingId);
  if (order) touched.orders.add(order.orderId);
  if (refund) touched.refunds.add(refund.refundId);
  if (refund) touched.orders.add(refund.orderId);
}
