import { useSignal } from '@preact/signals';
import { Fragment } from 'preact';
import type { HostBooking } from '../../../../src/protocol/snapshot.js';
import { number } from '../../shared/format.js';
import { cockpit } from '../messages/cockpit.js';
import { Segments } from '../ui/Segments.js';
import { BookingRow } from './BookingRow.js';
import { CancelBookingDialog } from './CancelBookingDialog.js';
import { FeedRow } from './FeedRow.js';
import { feed } from './feed.js';
import { held, heldByDeadline } from './room.js';

type View = 'soon' | 'recent';

/** More rows than anyone reads would cost the page its speed in a rush. */
const SHOWN = 60;

/** The bookings: who runs out of time first, or what happened last. */
export function BookingFeed() {
  const view = useSignal<View>('soon');
  const cancelling = useSignal<HostBooking | null>(null);
  return (
    <section class="panel feed card" aria-labelledby="feed-title">
      <div class="panel-head">
        <h2 id="feed-title">
          {cockpit('feedTitle')} <span class="count numeric">{number(held.value.size)}</span>
        </h2>
        <Segments
          label={cockpit('feedTitle')}
          value={view.value}
          options={[
            { value: 'soon', label: cockpit('feedSoon') },
            { value: 'recent', label: cockpit('feedRecent') },
          ]}
          onChange={(next) => {
            view.value = next;
          }}
        />
      </div>
      {view.value === 'soon' ? (
        <SoonList
          onCancel={(booking) => {
            cancelling.value = booking;
          }}
        />
      ) : (
        <RecentList />
      )}
      {cancelling.value !== null && (
        <CancelBookingDialog
          booking={cancelling.value}
          onClose={() => {
            cancelling.value = null;
          }}
        />
      )}
    </section>
  );
}

function SoonList({ onCancel }: { onCancel: (booking: HostBooking) => void }) {
  const all = heldByDeadline.value;
  if (all.length === 0) return <p class="panel-empty">{cockpit('feedEmptySoon')}</p>;
  const rest = all.length - SHOWN;
  return (
    <Fragment>
      <ul class="panel-list">
        {all.slice(0, SHOWN).map((booking) => (
          <BookingRow key={booking.bookingId} booking={booking} onCancel={onCancel} />
        ))}
      </ul>
      {rest > 0 && <p class="panel-more">{cockpit('feedMore', { count: rest })}</p>}
    </Fragment>
  );
}

function RecentList() {
  const entries = feed.value;
  if (entries.length === 0) return <p class="panel-empty">{cockpit('feedEmptyRecent')}</p>;
  return (
    <ul class="panel-list">
      {entries.slice(0, SHOWN).map((entry) => (
        <FeedRow key={entry.id} entry={entry} />
      ))}
    </ul>
  );
}
