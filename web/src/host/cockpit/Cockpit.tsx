import { effect, signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { ItemView } from '../../../../src/protocol/item.js';
import { common } from '../../shared/messages.js';
import { ItemDialog, nextCode } from '../items/ItemDialog.js';
import { PriceDialog, RestockDialog } from '../items/QuickChanges.js';
import { cockpit } from '../messages/cockpit.js';
import { hostErrorText } from '../messages/errors.js';
import { href, replaceRoute, route } from '../route.js';
import { chooseLive } from '../state/connection.js';
import { undo } from '../state/pending.js';
import { soundOn } from '../state/prefs.js';
import { comments, featured, held, joinError, live, stock } from '../state/room.js';
import { likeliestLive, lives } from '../state/shop.js';
import { refunds, transfers } from '../state/waiting.js';
import { Segments } from '../ui/Field.js';
import { Icon } from '../ui/Icon.js';
import { onKeys } from '../ui/keyboard.js';
import { featureItem, pinNext, toggleOpen, togglePin } from './actions.js';
import { BookForDialog } from './BookForDialog.js';
import { BookingList } from './BookingList.js';
import { CommentList } from './CommentList.js';
import { ItemQueue, NextButton } from './ItemQueue.js';
import { LiveHeader } from './LiveHeader.js';
import { OnShow } from './OnShow.js';
import { openSheet, selected, selectNeighbour, selectNth, sheet } from './selection.js';
import { ToDo } from './ToDo.js';
import { Winners } from './Winners.js';

type Section = 'show' | 'queue' | SideTab;

/** The live in motion: what comes next, what is on show, and what else wants the seller. On a phone one at a time. */
export function Cockpit() {
  useLiveOfRoute();
  useCockpitKeys();
  const section = useSignal<Section>('show');
  if (lives.value?.length === 0) return <NoLives />;
  if (joinError.value !== null) return <p class="page-note">{hostErrorText(joinError.value)}</p>;
  if (live.value === null) return <p class="page-note">{common('loading')}</p>;
  return (
    <div class="cockpit" data-section={section.value}>
      <LiveHeader live={live.value} />
      <div class="cockpit-sections">
        <Sections
          value={section.value}
          onChange={(next) => {
            section.value = next;
            if (next !== 'show' && next !== 'queue') sideTab.value = next;
          }}
        />
      </div>
      <div class="cockpit-grid">
        <div class="column column-queue">
          <ItemQueue />
        </div>
        <div class="column column-show">
          <ItemOnShow />
        </div>
        <div class="column column-side">
          <Side />
        </div>
      </div>
      <OpenSheet />
    </div>
  );
}

function Sections({ value, onChange }: { value: Section; onChange: (next: Section) => void }) {
  const toDo = refunds.value.length + transfers.value.length;
  return (
    <Segments
      label={cockpit('sections')}
      value={value}
      options={[
        { value: 'show', label: cockpit('section_show') },
        { value: 'queue', label: cockpit('section_queue') },
        { value: 'bookings', label: cockpit('section_bookings'), count: held.value.size },
        { value: 'actions', label: cockpit('section_actions'), count: toDo },
        ...(comments.value.length > 0
          ? [{ value: 'comments' as const, label: cockpit('section_comments') }]
          : []),
      ]}
      onChange={onChange}
    />
  );
}

function ItemOnShow() {
  const entry = selected.value;
  if (entry === null) {
    return (
      <div class="panel card">
        <p class="panel-empty">
          {cockpit('noItems')} <a href={href('lives', live.value?.liveId)}>{cockpit('addItems')}</a>
        </p>
      </div>
    );
  }
  return (
    <>
      <OnShow key={entry.itemId} entry={entry} />
      <div class="next-below">
        <NextButton />
      </div>
      <Winners key={`${entry.itemId} winners`} itemId={entry.itemId} />
    </>
  );
}

function OpenSheet() {
  const open = sheet.value;
  const close = () => {
    sheet.value = null;
  };
  if (open === null) return null;
  if (open.what === 'add') {
    const code = nextCode(featured.peek().map((entry) => entry.details.peek().code));
    const onDone = (item: ItemView) => void featureItem(item);
    return <ItemDialog item={null} quick code={code} onDone={onDone} onClose={close} />;
  }
  const entry = stock.get(open.itemId);
  if (entry === undefined) return null;
  const item = entry.view.value;
  switch (open.what) {
    case 'restock':
      return <RestockDialog item={item} onClose={close} />;
    case 'price':
      return <PriceDialog item={item} onClose={close} />;
    case 'bookFor':
      return <BookForDialog code={item.code} writer={open.writer} onClose={close} />;
    default:
      return open satisfies never;
  }
}

function NoLives() {
  return (
    <div class="empty-page">
      <Icon name="live" size={56} />
      <h1>{cockpit('noLives')}</h1>
      <p class="muted">{cockpit('noLivesLead')}</p>
      <a class="button button-primary" href={href('lives', 'new')}>
        {cockpit('newLive')}
      </a>
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

/** The cockpit's keys; the letters are those of the Indonesian words where they can be (H for Harga). */
const KEYS: Record<string, () => void> = {
  ' ': () => void pinNext(),
  j: () => selectNeighbour(1),
  k: () => selectNeighbour(-1),
  ArrowDown: () => selectNeighbour(1),
  ArrowUp: () => selectNeighbour(-1),
  p: () => withSelected((item) => void togglePin(item)),
  o: () => withSelected(toggleOpen),
  r: () => openSheet('restock'),
  h: () => openSheet('price'),
  b: () => openSheet('bookFor'),
  n: () => {
    sheet.value = { what: 'add' };
  },
  z: () => undo(),
  m: () => {
    soundOn.value = !soundOn.value;
  },
};

for (let n = 1; n <= 9; n += 1) KEYS[String(n)] = () => selectNth(n - 1);

type SelectedItem = Parameters<typeof toggleOpen>[0];

function withSelected(act: (item: SelectedItem) => void): void {
  const item = selected.peek()?.details.peek();
  if (item !== undefined) act(item);
}

function useCockpitKeys(): void {
  useEffect(() => onKeys(KEYS), []);
}

const TABS = ['actions', 'bookings', 'comments'] as const;
type SideTab = (typeof TABS)[number];

const KEY = 'livehold.host.side';

/** What stands beside the item on show; kept in this browser. */
const sideTab = signal<SideTab>(
  TABS.find((tab) => tab === localStorage.getItem(KEY)) ?? 'bookings',
);
effect(() => localStorage.setItem(KEY, sideTab.value));

/** What wants the seller, every booking of the live, and comments once one has come. */
function Side() {
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
