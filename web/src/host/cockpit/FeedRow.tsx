import { time } from '../../shared/format.js';
import { cockpit } from '../messages/cockpit.js';
import { Reputation } from '../ui/Reputation.js';
import type { FeedEntry } from './feed.js';
import { stock } from './room.js';

const TONES = { held: 'held', cancelled: '', expired: 'bad', ordered: 'good' } as const;

/** One thing that happened: when, who, what. */
export function FeedRow({ entry }: { entry: FeedEntry }) {
  const { booking, what, at } = entry;
  const item = stock.get(booking.itemId)?.details.value;
  return (
    <li class="booking-row feed-row">
      <span class="booking-time numeric muted">{time(at)}</span>
      <span class="booking-who">
        <span class="booking-viewer">
          {booking.viewer.name} <Reputation value={booking.viewer.reputation} />
        </span>
        <span class="booking-what">
          <b class="numeric">{booking.quantity}×</b> <b>{item?.code}</b> {item?.name}
        </span>
      </span>
      <span class={`badge ${TONES[what] === '' ? '' : `badge-${TONES[what]}`}`}>
        {cockpit(`event_${what}`)}
      </span>
    </li>
  );
}
