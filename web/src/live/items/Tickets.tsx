import { Countdown } from '../../shared/Countdown.js';
import { common } from '../../shared/messages.js';
import { attemptOf } from '../booking.js';
import { bookingsByItem } from '../me.js';
import { say } from '../messages.js';

/** The viewer's places in line for one item, each with its countdown: the proof that it is theirs for now. */
export function Tickets({ itemId }: { itemId: string }) {
  const held = bookingsByItem.value.get(itemId);
  const attempt = attemptOf(itemId).value;
  if (held === undefined) return null;
  return (
    <ul class="tickets">
      {held.map((booking) => (
        <li
          key={booking.bookingId}
          class={`ticket${
            attempt.state === 'won' && attempt.bookingId === booking.bookingId ? ' ticket-new' : ''
          }`}
        >
          <p class="ticket-text">
            <strong>{say('youAre', { sequence: booking.sequence })}</strong>
            <span class="small">{say('heldForYou', { count: booking.quantity })}</span>
          </p>
          <p class="ticket-time">
            <span class="visually-hidden">{common('timeLeft', { time: '' })}</span>
            <Countdown until={booking.expiresAt} />
          </p>
        </li>
      ))}
    </ul>
  );
}
