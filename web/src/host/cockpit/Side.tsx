import { effect, signal } from '@preact/signals';
import { cockpit } from '../messages/cockpit.js';
import { comments } from '../state/comments.js';
import { held } from '../state/room.js';
import { refunds, transfers } from '../state/waiting.js';
import { Segments } from '../ui/Segments.js';
import { BookingList } from './BookingList.js';
import { CommentList } from './CommentList.js';
import { ToDo } from './ToDo.js';

const TABS = ['actions', 'bookings', 'comments'] as const;
export type SideTab = (typeof TABS)[number];

const KEY = 'livehold.host.side';

/** What stands beside the item on show; kept in this browser. */
export const sideTab = signal<SideTab>(
  TABS.find((tab) => tab === localStorage.getItem(KEY)) ?? 'bookings',
);
effect(() => localStorage.setItem(KEY, sideTab.value));

/** What wants the seller, every booking of the live, and comments once one has come. */
export function Side() {
  const counts = {
    actions: refunds.value.length + transfers.value.length,
    bookings: held.value.size,
    comments: 0,
  };
  const hasComments = comments.value.length > 0;
  const tab = sideTab.value === 'comments' && !hasComments ? 'bookings' : sideTab.value;
  return (
    <section class="panel side card" aria-label={cockpit('side')}>
      <div class="side-tabs">
        <Segments
          label={cockpit('side')}
          value={tab}
          options={TABS.filter((value) => value !== 'comments' || hasComments).map((value) => ({
            value,
            label: cockpit(`section_${value}`),
            count: counts[value],
          }))}
          onChange={(next) => {
            sideTab.value = next;
          }}
        />
      </div>
      {tab === 'actions' && <ToDo />}
      {tab === 'bookings' && <BookingList />}
      {tab === 'comments' && <CommentList />}
    </section>
  );
}
