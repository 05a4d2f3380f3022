import type { PublicEvent } from '../protocol/webhook.js';
import type { StoreEvent } from './event-kinds.js';
import type { StreamEntry } from './events.js';

type PublicFact = Pick<PublicEvent, 'type' | 'data'>;

/** What an entry of the event stream says, in the words of other systems. */
export function publicEventsOf({ id, events }: StreamEntry): PublicEvent[] {
  const at = Number(id.split('-')[0]);
  const published = events.flatMap((event) => factsIn(event, events));
  return published.map((event, n) => ({ id: `${id}-${n}`, at, ...event }));
}

function factsIn(event: StoreEvent, beside: StoreEvent[]): PublicFact[] {
  switch (event.type) {
    case 'fact': {
      const { type, data } = JSON.parse(event.payload) as PublicFact;
      const viewer = event.viewer === undefined ? {} : { viewer: JSON.parse(event.viewer) };
      return [{ type, data: { ...data, ...viewer } }];
    }
    case 'booking':
      return bookingFacts(dataOf(event), beside);
    case 'reputation':
      return [{ type: 'reputation.changed', data: dataOf(event) }];
    case 'waitlist': {
      const data = dataOf(event);
      const { status } = data.entry as { status: string };
      return status === 'served' ? [{ type: 'waitlist.served', data }] : [];
    }
    case 'item':
      return [{ type: 'item.changed', data: { item: event.item } }];
    default:
      return [];
  }
}

function dataOf(event: { payload: string; viewer: string }): Record<string, unknown> {
  return { ...JSON.parse(event.payload), viewer: JSON.parse(event.viewer) };
}

/** One that is held was just made, unless a fact beside it says that it was restored or made smaller. */
function bookingFacts(data: Record<string, unknown>, beside: StoreEvent[]): PublicFact[] {
  const { bookingId, status } = data.booking as { bookingId: string; status: string };
  if (status === 'cancelled' || status === 'expired') return [{ type: `booking.${status}`, data }];
  const isNew =
    status === 'held' &&
    !beside.some((other) => other.type === 'fact' && other.payload.includes(`"${bookingId}"`));
  return isNew ? [{ type: 'booking.created', data }] : [];
}

/** Events of one order, or else of one booking, viewer or item, are delivered in their order. */
export function orderKeyOf({ type, data }: PublicEvent): string {
  const { order, refund, booking, item, stock, viewer } = data as Record<
    string,
    Record<string, unknown> | undefined
  >;
  const orderId = order?.orderId ?? refund?.orderId;
  if (orderId !== undefined) return `order ${orderId}`;
  if (booking) return `booking ${booking.bookingId}`;
  if (item ?? stock) return `item ${(item ?? stock)?.itemId}`;
  return viewer ? `viewer ${viewer.viewerId}` : (type.split('.')[0] ?? type);
}
