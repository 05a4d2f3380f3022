import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { newRequestId } from '../../../../src/client/index.js';
import type { HostBooking } from '../../../../src/protocol/snapshot.js';
import { Countdown } from '../../shared/clock.js';
import { number, time } from '../../shared/format.js';
import type { CommandError } from '../../shared/messages.js';
import { toast } from '../../shared/toast.js';
import { bookings as words } from '../messages/bookings.js';
import { hostErrorText } from '../messages/errors.js';
import { api } from '../state/api.js';
import { bookings, generation, hasOlder, loadAllOlder, loadOlder } from '../state/bookings.js';
import { person } from '../state/people.js';
import { stock } from '../state/room.js';
import { ConfirmDialog } from '../ui/Dialog.js';
import { Segments } from '../ui/Field.js';
import { Icon } from '../ui/Icon.js';
import { useFrozen, useStill } from '../ui/listHooks.js';
import { Reputation } from '../ui/Reputation.js';

type Filter = 'all' | 'soon' | 'ended' | 'ordered';

/** More rows than anyone reads would cost the page its speed in a rush. */
const SHOWN_AT_ONCE = 100;

/** Every booking of the live: filtered, searched, cancelled and restored. It stands still while it is looked at. */
export function BookingList() {
  const filter = useSignal<Filter>('all');
  const query = useSignal('');
  const most = useSignal(SHOWN_AT_ONCE);
  /** Counts how often the seller has asked for the new ones. */
  const turn = useSignal(0);
  const pane = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const still = useStill(pane);
  useSignalEffect(() => {
    if (generation.value > 0) void loadOlder();
  });
  const byId = useComputed(() => new Map(bookings.value.map((one) => [one.bookingId, one])));
  const wanted = useComputed(() => pick(bookings.value, filter.value, query.value));
  const { shown, fresh } = useFrozen(
    wanted.value,
    still.value,
    `${generation.value} ${turn.value} ${filter.value} ${query.value}`,
  );
  const showFresh = () => {
    turn.value += 1;
    list.current?.scrollTo({ top: 0 });
  };
  const rows = shown.slice(0, most.value);
  const rest = shown.length - rows.length;
  return (
    <>
      <div class="booking-tools">
        <input
          class="input booking-search"
          type="search"
          aria-label={words('search')}
          placeholder={words('search')}
          value={query}
          onInput={(event) => {
            query.value = event.currentTarget.value;
            most.value = SHOWN_AT_ONCE;
            if (query.value.trim() !== '') void loadAllOlder();
          }}
        />
        <Segments
          label={words('filter')}
          value={filter.value}
          options={FILTERS.map((value) => ({ value, label: words(`filter_${value}`) }))}
          onChange={(next) => {
            filter.value = next;
            most.value = SHOWN_AT_ONCE;
          }}
        />
      </div>
      <div ref={pane} class="booking-pane">
        <p class="booking-state small muted">
          {fresh > 0 ? (
            <button type="button" class="fresh" onClick={showFresh}>
              {words('fresh', { count: number(fresh) })}
            </button>
          ) : (
            words('count', { count: number(wanted.value.length) })
          )}
        </p>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reached by keyboard */}
        <ul ref={list} class="panel-list booking-list" tabIndex={0} aria-label={words('title')}>
          {rows.map((id) => {
            const booking = byId.value.get(id);
            return booking === undefined ? null : <BookingRow key={id} booking={booking} />;
          })}
          {rows.length === 0 && <li class="panel-empty">{words(`empty_${filter.value}`)}</li>}
          {(rest > 0 || hasOlder.value) && rows.length > 0 && (
            <li class="panel-more">
              <button
                type="button"
                class="button"
                onClick={() => {
                  most.value += SHOWN_AT_ONCE;
                  if (rest < SHOWN_AT_ONCE) void loadOlder();
                }}
              >
                {words('more')}
              </button>
            </li>
          )}
        </ul>
      </div>
    </>
  );
}

const FILTERS: readonly Filter[] = ['all', 'soon', 'ended', 'ordered'];

function pick(all: readonly HostBooking[], filter: Filter, query: string): string[] {
  const search = query.trim().toLowerCase();
  const found = all.filter((booking) => isWanted(booking, filter) && matches(booking, search));
  if (filter === 'soon') found.sort((a, b) => a.expiresAt - b.expiresAt);
  return found.map((booking) => booking.bookingId);
}

function isWanted({ status }: HostBooking, filter: Filter): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'soon':
      return status === 'held';
    case 'ended':
      return status === 'cancelled' || status === 'expired';
    case 'ordered':
      return status === 'ordered';
    default:
      return filter satisfies never;
  }
}

function matches(booking: HostBooking, search: string): boolean {
  if (search === '') return true;
  const item = stock.get(booking.itemId)?.details.peek();
  return [booking.viewer.name, item?.code ?? '', item?.name ?? ''].some((text) =>
    text.toLowerCase().includes(search),
  );
}

const TONES = { cancelled: '', expired: 'badge-bad', ordered: 'badge-good' };

/** One booking: who, what, how it stands, and what can be done to it. */
function BookingRow({ booking }: { booking: HostBooking }) {
  const item = stock.get(booking.itemId)?.details.value;
  const viewer = person(booking.viewerId) ?? booking.viewer;
  return (
    <li class="booking-row" data-booking={booking.bookingId} data-status={booking.status}>
      <span class="booking-time">
        {booking.status === 'held' ? (
          <Countdown until={booking.expiresAt} />
        ) : (
          <span class={`badge ${TONES[booking.status]}`} title={time(booking.createdAt)}>
            {words(`status_${booking.status}`)}
          </span>
        )}
      </span>
      <span class="booking-who">
        <span class="booking-viewer">
          {booking.source !== 'viewer' && (
            <Icon name={booking.source === 'host' ? 'person' : 'clock'} size={15} />
          )}
          {booking.source !== 'viewer' && (
            <span class="visually-hidden">{words(`source_${booking.source}`)}</span>
          )}
          <span class="booking-name">{viewer.name}</span> <Reputation value={viewer.reputation} />
        </span>
        <span class="booking-what">
          <b class="numeric">{booking.quantity}×</b> <b>{item?.code}</b>{' '}
          {words('sequence', { n: booking.sequence })} · {item?.name}
        </span>
      </span>
      <span class="row-action">
        <BookingAction booking={booking} viewer={viewer.name} />
      </span>
    </li>
  );
}

/** What the seller can do to a booking: give a held one back to everyone, or hold an ended one again. */
export function BookingAction({ booking, viewer }: { booking: HostBooking; viewer: string }) {
  const asking = useSignal(false);
  const busy = useSignal(false);
  const name = stock.get(booking.itemId)?.details.value.name ?? booking.itemId;
  const restore = async () => {
    busy.value = true;
    const outcome = await api.restoreBooking(booking.bookingId, { requestId: newRequestId() });
    busy.value = false;
    if (outcome.ok) toast(words('restored', { viewer }), 'good');
    else toast(whyNotRestored(outcome.error), 'bad');
  };
  const isEnded = booking.status === 'cancelled' || booking.status === 'expired';
  return (
    <>
      {booking.status === 'held' && (
        <button
          type="button"
          class="icon-button"
          aria-label={words('cancelOf', { name, viewer })}
          onClick={() => {
            asking.value = true;
          }}
        >
          <Icon name="close" />
        </button>
      )}
      {isEnded && (
        <button
          type="button"
          class="icon-button"
          aria-label={words('restoreOf', { name, viewer })}
          title={words('restore')}
          disabled={busy.value}
          onClick={() => void restore()}
        >
          <Icon name="undo" />
        </button>
      )}
      {asking.value && (
        <ConfirmDialog
          title={words('cancelTitle')}
          yes={words('cancel')}
          no={words('keep')}
          danger
          run={async () => {
            const outcome = await api.cancelBooking(booking.bookingId);
            if (outcome.ok) toast(words('cancelled', { viewer }), 'good');
            return outcome;
          }}
          onClose={() => {
            asking.value = false;
          }}
        >
          <p>{words('cancelLead', { quantity: booking.quantity, name, viewer })}</p>
        </ConfirmDialog>
      )}
    </>
  );
}

function whyNotRestored(error: CommandError): string {
  if (error.code !== 'BOOKING_NOT_HELD') return hostErrorText(error);
  return words(error.details?.status === 'ordered' ? 'alreadyOrdered' : 'alreadyHeld');
}
