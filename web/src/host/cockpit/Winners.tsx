import { effect, signal, useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { AnswerOf } from '../../../../src/client/index.js';
import type { HostBooking } from '../../../../src/protocol/snapshot.js';
import { number } from '../../shared/format.js';
import { bookings as words } from '../messages/bookings.js';
import { api } from '../state/api.js';
import { bookings, generation, loadOfItem } from '../state/bookings.js';
import { gather } from '../state/gather.js';
import { person, remember } from '../state/people.js';
import { live, stock } from '../state/room.js';
import { useStill } from '../ui/listHooks.js';
import { Reputation } from '../ui/Reputation.js';
import { BookingAction } from './BookingList.js';

const MOST = 300;
/** Called ones that stay in sight above the next to call. */
const LEAD = 2;

/** Who got the item, in the order in which they got it, with a tick for whom the seller has called out; then who waits. */
export function Winners({ itemId }: { itemId: string }) {
  const list = useRef<HTMLElement>(null);
  const still = useStill(list, { evenScrolled: true }).value;
  useSignalEffect(() => {
    if (generation.value > 0) void loadOfItem(itemId);
  });
  const winners = useComputed(() =>
    bookings.value
      .filter((booking) => booking.itemId === itemId)
      .sort((a, b) => a.sequence - b.sequence),
  );
  const uncalled = useComputed(() =>
    winners.value.filter((one) => isWon(one) && !called.value.has(one.bookingId)),
  );
  const won = winners.value.filter(isWon).length;
  const next = uncalled.value[0]?.bookingId;
  // New winners come at the end and move nobody; where the list begins may change only while nobody looks.
  const start = useRef(0);
  if (!still) start.current = startAround(winners.value, next);
  /** How many windows further back the seller has asked to see. */
  const back = useSignal(0);
  const first = Math.max(0, start.current - back.value * MOST);
  const shown = winners.value.slice(first, start.current + MOST);
  useEffect(() => {
    const box = list.current;
    if (box === null || still) return;
    const row = box.querySelector<HTMLElement>(`[data-winner="${next}"]`);
    // All called: the end is what is new.
    box.scrollTop = row === null ? box.scrollHeight : row.offsetTop - LEAD * row.offsetHeight;
  }, [next, still]);
  return (
    <div class="winners card panel">
      <div class="panel-head">
        <h2 id="winners-title">
          {words('winners')} <span class="count numeric">{number(won)}</span>
        </h2>
        {uncalled.value.length > 0 && (
          <span class="badge badge-held" data-uncalled={uncalled.value.length}>
            {words('uncalled', { count: number(uncalled.value.length) })}
          </span>
        )}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reached by keyboard */}
      <section ref={list} class="panel-list" tabIndex={0} aria-labelledby="winners-title">
        {won === 0 && shown.length === 0 && <p class="panel-empty">{words('noWinners')}</p>}
        {(shown[0]?.sequence ?? 1) > 1 && (
          <p class="panel-more">
            <button
              type="button"
              class="button"
              onClick={() => {
                back.value += 1;
                void loadOfItem(itemId, true);
              }}
            >
              {words('earlier')}
            </button>
          </p>
        )}
        <ol class="winner-list">
          {shown.map((booking) => (
            <WinnerRow key={booking.bookingId} booking={booking} />
          ))}
        </ol>
        <WaitingLine itemId={itemId} />
      </section>
    </div>
  );
}

const isWon = ({ status }: HostBooking) => status === 'held' || status === 'ordered';

/** Where a list of at most so many begins that has the next to call in its middle. */
function startAround(all: readonly HostBooking[], next: string | undefined): number {
  const at = next === undefined ? all.length : all.findIndex((one) => one.bookingId === next);
  return Math.max(0, Math.min(at - MOST / 2, all.length - MOST));
}

function WinnerRow({ booking }: { booking: HostBooking }) {
  const viewer = person(booking.viewerId) ?? booking.viewer;
  const isCalled = called.value.has(booking.bookingId);
  const has = isWon(booking);
  return (
    <li
      class={`winner${isCalled ? ' winner-called' : ''}${has ? '' : ' winner-gone'}`}
      data-winner={booking.bookingId}
    >
      <label class="winner-tick">
        <input
          type="checkbox"
          checked={isCalled}
          disabled={!has}
          aria-label={words('calledOf', { viewer: viewer.name })}
          onChange={() => toggleCalled(booking.bookingId)}
        />
        <span class="winner-place numeric">{booking.sequence}</span>
      </label>
      <span class="winner-who">
        <span class="winner-name">{viewer.name}</span>
        <span class="winner-facts">
          <Reputation value={viewer.reputation} />
          {booking.status !== 'held' && (
            <span class={`badge${booking.status === 'ordered' ? ' badge-good' : ''}`}>
              {words(`status_${booking.status}`)}
            </span>
          )}
        </span>
      </span>
      <b class="winner-quantity numeric">{booking.quantity}×</b>
      <span class="row-action">
        <BookingAction booking={booking} viewer={viewer.name} />
      </span>
    </li>
  );
}

type Waiting = AnswerOf<'GET /items/:id/waitlist'>['items'];

const SHOWN = 100;
/** The line is asked for again at most so often. */
const ASK_EVERY_MS = 1_000;

/** Who waits for the item, in the order in which units that come free go to them. */
function WaitingLine({ itemId }: { itemId: string }) {
  const line = useSignal<Waiting>([]);
  const view = stock.get(itemId)?.stock;
  const waiting = view?.value.waiting ?? 0;
  const ask = useMemo(
    () =>
      gather(ASK_EVERY_MS, () => {
        void api.waitlist(itemId, { limit: SHOWN }).then((outcome) => {
          if (!outcome.ok) return;
          remember(...outcome.data.items.map((entry) => entry.viewer));
          line.value = outcome.data.items;
        });
      }),
    [itemId, line],
  );
  const heard = useSignal('');
  useSignalEffect(() => {
    const { waiting: count = 0, head = 0 } = view?.value ?? {};
    const now = `${count} ${head}`;
    if (now === heard.peek()) return;
    const isFirst = heard.peek() === '';
    heard.value = now;
    if (count === 0) line.value = [];
    else if (isFirst) ask.now();
    else ask.soon();
  });
  useEffect(() => ask.stop, [ask]);
  if (waiting === 0) return <p class="line-none muted small">{words('noLine')}</p>;
  return (
    <>
      <h3 class="line-title">
        {words('line')} <span class="count numeric">{number(waiting)}</span>
      </h3>
      <ol class="waiting-list">
        {line.value.map((entry, index) => (
          <li key={entry.entryId} class="winner waiting-row" data-entry={entry.entryId}>
            <span class="winner-place numeric">{index + 1}.</span>
            <span class="winner-who">
              <span class="winner-name">{entry.viewer.name}</span>
              <span class="winner-facts">
                <Reputation value={entry.viewer.reputation} />
              </span>
            </span>
            <b class="winner-quantity numeric">{entry.quantity}×</b>
          </li>
        ))}
      </ol>
      {waiting > line.value.length && line.value.length === SHOWN && (
        <p class="panel-more">{words('lineMore', { count: waiting - SHOWN })}</p>
      )}
    </>
  );
}

/** Winners whom the seller has called out, by booking: kept in this browser, live by live. */
const KEY = 'livehold.host.called.';
const MOST_LIVES = 5;

const called = signal<ReadonlySet<string>>(new Set());

function toggleCalled(bookingId: string): void {
  const next = new Set(called.value);
  if (!next.delete(bookingId)) next.add(bookingId);
  called.value = next;
  const liveId = live.peek()?.liveId;
  if (liveId === undefined) return;
  forgetOldLives(KEY + liveId);
  try {
    localStorage.setItem(KEY + liveId, JSON.stringify({ at: Date.now(), ids: [...next] }));
  } catch {
    // Storage refused or full: the ticks last for this visit.
  }
}

effect(() => {
  const liveId = live.value?.liveId;
  called.value = new Set(liveId === undefined ? [] : stored(KEY + liveId).ids);
});

function stored(key: string): { at: number; ids: string[] } {
  try {
    const { at, ids } = JSON.parse(localStorage.getItem(key) ?? '{}');
    return { at: Number(at) || 0, ids: Array.isArray(ids) ? ids : [] };
  } catch {
    return { at: 0, ids: [] };
  }
}

function forgetOldLives(except: string): void {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(KEY) && key !== except);
  const newestFirst = keys.sort((a, b) => stored(b).at - stored(a).at);
  for (const key of newestFirst.slice(MOST_LIVES - 1)) localStorage.removeItem(key);
}
