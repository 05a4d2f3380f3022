import { errorText } from '../../shared/errorText.js';
import { number } from '../../shared/format.js';
import { profile, reputation, rights } from '../me.js';
import { rules, shop } from '../state.js';
import { mine } from './messages.js';

/** Nobody holds more, whatever the shop says. */
const MOST_BOOKINGS = 200;

/** What the viewer may do at their reputation, that a machine has worked it out, and whom to tell if it is wrong. */
export function Rights() {
  const may = rights.value;
  if (may === null) return null;
  return (
    <section class="account-part">
      <h3>{mine('rightsTitle')}</h3>
      {may.mayBook ? (
        <p>{rightsText(may)}</p>
      ) : (
        <p class="cost">{errorText({ code: may.reason ?? 'FORBIDDEN', message: '' })}</p>
      )}
      {may.mayBook && isLess(may) && <p class="small muted">{mine('rightsLess')}</p>}
      <p class="small muted">{mine('automated')}</p>
      <a
        class="button button-block"
        href={`https://wa.me/?text=${encodeURIComponent(objection())}`}
        target="_blank"
        rel="noopener noreferrer"
      >
        {mine('object')}
      </a>
    </section>
  );
}

function rightsText({ maxBookings, bookingTimeoutMinutes }: NonNullable<typeof rights.value>) {
  const minutes = number(bookingTimeoutMinutes);
  if (maxBookings >= MOST_BOOKINGS) return mine('rightsFree', { minutes });
  return mine('rights', { count: maxBookings, minutes });
}

/** Whether a tier of low reputation holds. */
function isLess(may: NonNullable<typeof rights.value>): boolean {
  const usual = rules.value;
  if (usual === null) return false;
  const bookings = usual.maxBookings === 0 ? MOST_BOOKINGS : usual.maxBookings;
  return may.maxBookings < bookings || may.bookingTimeoutMinutes < usual.bookingTimeoutMinutes;
}

function objection(): string {
  return mine('objection', {
    shop: shop.value?.name ?? '',
    name: profile.value?.name ?? '',
    account: profile.value?.viewerId ?? '',
    reputation: reputation.value,
  });
}
