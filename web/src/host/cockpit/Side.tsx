import { effect, signal } from '@preact/signals';
import { cockpit } from '../messages/cockpit.js';
import { refunds, transfers } from '../orders/waiting.js';
import { Segments } from '../ui/Segments.js';
import { BookingList } from './BookingList.js';
import { held } from './room.js';
import { ToDo } from './ToDo.js';

const TABS = ['actions', 'bookings'] as const;
export type SideTab = (typeof TABS)[number];

const KEY = 'livehold.host.side';

/** What stands beside the item on show; kept in this browser. */
export const sideTab = signal<SideTab>(
  TABS.find((tab) => tab === localStorage.getItem(KEY)) ?? 'bookings',
);
effect(() => localStorage.setItem(KEY, sideTab.value));

/** What wants the seller, and every booking of the live. */
export function Side() {
  const counts = {
    actions: refunds.value.length + transfers.value.length,
    bookings: held.value.size,
  };
  return (
    <section class="panel side card" aria-label={cockpit('side')}>
      <div class="side-tabs">
        <Segments
          label={cockpit('side')}
          value={sideTab.value}
          options={TABS.map((value) => ({
            value,
            label: cockpit(`section_${value}`),
            count: counts[value],
          }))}
          onChange={(next) => {
            sideTab.value = next;
          }}
        />
      </div>
      {sideTab.value === 'actions' ? <ToDo /> : <BookingList />}
    </section>
  );
}
