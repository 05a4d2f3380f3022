import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { common } from '../../shared/messages.js';
import { chooseLive } from '../connection.js';
import { likeliestLive, lives } from '../lives/lives.js';
import { cockpit } from '../messages/cockpit.js';
import { hostErrorText } from '../messages/errors.js';
import { refunds, transfers } from '../orders/waiting.js';
import { replaceRoute, route } from '../route.js';
import { Segments } from '../ui/Segments.js';
import { ActivityChart } from './ActivityChart.js';
import { BookingFeed } from './BookingFeed.js';
import { ItemPanel } from './ItemPanel.js';
import { useCockpitKeys } from './keys.js';
import { LiveHeader } from './LiveHeader.js';
import { NoLives } from './NoLives.js';
import { held, joinError, live } from './room.js';
import { ToDo } from './ToDo.js';
import { Totals } from './Totals.js';

type Section = 'items' | 'feed' | 'actions' | 'chart';

/** The live in motion. On a phone its parts are tabs; with room they stand side by side. */
export function Cockpit() {
  useLiveOfRoute();
  useCockpitKeys();
  const section = useSignal<Section>('items');
  if (lives.value?.length === 0) return <NoLives />;
  if (joinError.value !== null) return <p class="page-note">{hostErrorText(joinError.value)}</p>;
  if (live.value === null) return <p class="page-note">{common('loading')}</p>;
  return (
    <div class="cockpit" data-section={section.value}>
      <LiveHeader live={live.value} />
      <Totals />
      <div class="cockpit-sections">
        <Segments
          label={cockpit('sections')}
          value={section.value}
          options={[
            { value: 'items', label: cockpit('section_items') },
            { value: 'feed', label: cockpit('section_feed'), count: held.value.size },
            {
              value: 'actions',
              label: cockpit('section_actions'),
              count: refunds.value.length + transfers.value.length,
            },
            { value: 'chart', label: cockpit('section_chart') },
          ]}
          onChange={(next) => {
            section.value = next;
          }}
        />
      </div>
      <div class="cockpit-grid">
        <div class="column column-items">
          <ItemPanel />
        </div>
        <div class="column column-feed">
          <BookingFeed />
        </div>
        <div class="column column-side">
          <ToDo />
          <ActivityChart />
        </div>
      </div>
    </div>
  );
}

/** The address names the live; without a name, the likeliest is taken and written into the address. */
function useLiveOfRoute(): void {
  const named = route.value.part;
  const likeliest = lives.value === null ? undefined : likeliestLive(lives.value)?.liveId;
  const current = live.value?.liveId;
  useEffect(() => {
    const liveId = named ?? current ?? likeliest;
    if (liveId === undefined) return;
    chooseLive(liveId);
    if (named === null) replaceRoute('cockpit', liveId);
  }, [named, current, likeliest]);
}
