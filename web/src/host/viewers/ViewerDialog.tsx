import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { Settings } from '../../../../src/protocol/settings.js';
import type { HostBooking } from '../../../../src/protocol/snapshot.js';
import type { LedgerEntry, Viewer } from '../../../../src/protocol/viewer.js';
import { dateTime, number, time } from '../../shared/format.js';
import { peopleWords as words } from '../messages/people.js';
import { trade } from '../messages/trade.js';
import { href } from '../route.js';
import { api } from '../state/api.js';
import { isOwner } from '../state/session.js';
import { Dialog } from '../ui/Dialog.js';
import { createPagedList, ListFoot } from '../ui/pagedList.js';
import { CorrectDialog, EraseDialog } from './ViewerChanges.js';

/** One viewer: what they may, what they hold, and why their reputation is what it is. */
export function ViewerDialog({
  viewer,
  onChange,
  onErased,
  onClose,
}: {
  viewer: Viewer;
  onChange: (viewer: Viewer) => void;
  onErased: () => void;
  onClose: () => void;
}) {
  const isCorrecting = useSignal(false);
  const isErasing = useSignal(false);
  const { viewerId, name } = viewer;
  return (
    <Dialog title={name} onClose={onClose} wide>
      <div class="dialog-body">
        <Rights viewer={viewer} />
        <Held viewerId={viewerId} />
        <p>
          <a href={href('orders', undefined, { viewer: viewerId })} onClick={onClose}>
            {words('orders')}
          </a>
        </p>
        {/* A correction writes a line of its own. */}
        <Ledger key={viewer.reputation} viewer={viewer} />
      </div>
      <div class="dialog-foot">
        {isOwner.value && (
          <button
            type="button"
            class="button"
            onClick={() => {
              isErasing.value = true;
            }}
          >
            {words('erase')}
          </button>
        )}
        <button
          type="button"
          class="button"
          onClick={() => {
            isCorrecting.value = true;
          }}
        >
          {words('correct')}
        </button>
      </div>
      {isErasing.value && (
        <EraseDialog
          viewer={viewer}
          onErased={onErased}
          onClose={() => {
            isErasing.value = false;
          }}
        />
      )}
      {isCorrecting.value && (
        <CorrectDialog
          viewer={viewer}
          onChange={onChange}
          onClose={() => {
            isCorrecting.value = false;
          }}
        />
      )}
    </Dialog>
  );
}

/** What the settings allow at this reputation; the server judges by the same. */
function Rights({ viewer }: { viewer: Viewer }) {
  const booking = useSignal<Settings['booking'] | null>(null);
  useEffect(() => {
    void api.settings().then((outcome) => {
      if (outcome.ok) booking.value = outcome.data.settings.booking;
    });
  }, [booking]);
  return (
    <section>
      <h3>{words('rights')}</h3>
      {booking.value !== null && <p>{rightsOf(viewer, booking.value)}</p>}
    </section>
  );
}

function rightsOf({ status, reputation }: Viewer, booking: Settings['booking']): string {
  if (status === 'restricted') return words('mayNot_restricted');
  if (reputation < booking.minReputation) {
    return words('mayNot_reputation', { min: booking.minReputation });
  }
  const [tier] = booking.tiers
    .filter(({ belowReputation }) => belowReputation > reputation)
    .sort((a, b) => a.belowReputation - b.belowReputation);
  const most = stricter(booking.maxBookings, tier?.maxBookings ?? 0);
  const may = words('may', {
    bookings: most === 0 ? words('anyNumber') : words('atMost', { count: most }),
    minutes: number(stricter(booking.bookingTimeoutMinutes, tier?.bookingTimeoutMinutes ?? 0)),
  });
  return tier === undefined ? may : `${may} ${words('tier', { below: tier.belowReputation })}`;
}

/** Of two limits, 0 being none. */
function stricter(one: number, other: number): number {
  return one === 0 || other === 0 ? Math.max(one, other) : Math.min(one, other);
}

function Held({ viewerId }: { viewerId: string }) {
  const rows = useSignal<readonly HostBooking[] | null>(null);
  const names = useSignal<ReadonlyMap<string, string>>(new Map());
  useEffect(() => {
    void api.bookings({ viewerId, status: 'held', limit: 200 }).then(async (outcome) => {
      if (!outcome.ok) return;
      rows.value = outcome.data.items;
      const items = new Set(outcome.data.items.map((booking) => booking.itemId));
      const found = await Promise.all([...items].map((id) => api.item(id)));
      names.value = new Map(
        found.flatMap((one) =>
          one.ok ? [[one.data.item.itemId, `${one.data.item.code} ${one.data.item.name}`]] : [],
        ),
      );
    });
  }, [viewerId, rows, names]);
  return (
    <section>
      <h3>{words('holds')}</h3>
      {rows.value?.length === 0 && <p class="muted">{words('holdsNothing')}</p>}
      <ul>
        {(rows.value ?? []).map((booking) => (
          <li key={booking.bookingId} class="numeric">
            {booking.quantity}× {names.value.get(booking.itemId) ?? '…'}{' '}
            <span class="muted">{words('heldUntil', { time: time(booking.expiresAt) })}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Why a viewer's reputation is what it is, newest first. */
function Ledger({ viewer }: { viewer: Viewer }) {
  const list = useMemo(() => createPagedList<LedgerEntry>(), []);
  useEffect(
    () => void list.load((page) => api.ledger(viewer.viewerId, page)),
    [list, viewer.viewerId],
  );
  return (
    <section>
      <h3>{trade('ledger')}</h3>
      <ul class="ledger numeric">
        {(list.rows.value ?? []).map((entry) => (
          <li key={`${entry.refId}-${entry.at}`} class="ledger-line">
            <b class={entry.delta < 0 ? 'delta-down' : 'delta-up'}>{signed(entry.delta)}</b>
            <span>
              {trade(`reason_${entry.reason}`)}
              {entry.note !== undefined && <span class="buyer-note">: {entry.note}</span>}
              <span class="muted small"> {dateTime(entry.at)}</span>
            </span>
            <span class="muted">
              {entry.before} → {entry.after}
            </span>
          </li>
        ))}
      </ul>
      <ListFoot list={list} empty={trade('ledgerEmpty')} />
    </section>
  );
}

function signed(delta: number): string {
  return delta < 0 ? `−${-delta}` : `+${delta}`;
}
