import { batch, computed, signal } from '@preact/signals';
import type { Booking } from '../../../../src/protocol/booking.js';
import type { ItemView } from '../../../../src/protocol/item.js';
import type { Live } from '../../../../src/protocol/live.js';
import type { HostBooking, HostSnapshot } from '../../../../src/protocol/snapshot.js';
import type { ViewerBrief } from '../../../../src/protocol/viewer.js';
import { syncClock } from '../../shared/clock.js';
import type { CommandError } from '../../shared/messages.js';
import { command, type LiveholdSocket } from '../../shared/socket.js';
import { createStockStore, type ItemEntry } from '../../shared/stock.js';
import { gather } from '../gather.js';
import { remember } from '../people.js';

/** The live that the cockpit is in, as the server last told it. */
export const live = signal<Live | null>(null);
export const stock = createStockStore();
/** Held bookings of this live, by id: as they are known, and as they were last shown. */
const heldNow = new Map<string, HostBooking>();
export const held = signal<ReadonlyMap<string, HostBooking>>(new Map());
const showHeld = gather(120, () => {
  held.value = new Map(heldNow);
});
export const audience = signal<number | null>(null);
export const joinError = signal<CommandError | null>(null);

/** The featured items in the order of the live. */
export const featured = computed<readonly ItemEntry[]>(() => {
  const byId = new Map(stock.entries.value.map((entry) => [entry.itemId, entry]));
  const ids = live.value?.itemIds ?? [];
  return ids.flatMap((id) => byId.get(id) ?? []);
});

/** Who runs out of time first. */
export const heldByDeadline = computed(() =>
  [...held.value.values()].sort((a, b) => a.expiresAt - b.expiresAt),
);

let wanted: string | null = null;
/** What arrived while a snapshot was on its way: it may be newer than the snapshot, and is applied after it. */
let early: (() => void)[] | null = null;

/** Joins a live, or joins it again after a reconnect: the snapshot replaces everything. */
export async function enter(socket: LiveholdSocket<'/host'>, liveId: string): Promise<boolean> {
  if (wanted !== null && wanted !== liveId) {
    void command(socket, 'live:leave', { liveId: wanted });
    audience.value = null;
  }
  wanted = liveId;
  early = [];
  stock.expectSnapshot();
  const sentAt = Date.now();
  const outcome = await command(socket, 'live:join', { liveId });
  if (wanted !== liveId) return false;
  const late = early ?? [];
  early = null;
  if (!outcome.ok) {
    joinError.value = outcome.error;
    return false;
  }
  syncClock(outcome.data.serverTime, sentAt, Date.now());
  batch(() => {
    applySnapshot(outcome.data);
    for (const apply of late) apply();
  });
  return true;
}

function applySnapshot(snapshot: HostSnapshot): void {
  joinError.value = null;
  live.value = snapshot.live;
  stock.applySnapshot(snapshot.items);
  heldNow.clear();
  for (const booking of snapshot.bookings) heldNow.set(booking.bookingId, booking);
  showHeld.now();
  remember(...snapshot.bookings.map((booking) => booking.viewer));
}

/** Applies an event now, or after the snapshot that is on its way. */
function inOrder(apply: () => void): void {
  if (early === null) apply();
  else early.push(apply);
}

export function onLive(updated: Live): void {
  inOrder(() => {
    if (updated.liveId === wanted) live.value = updated;
  });
}

export function onItem(item: ItemView): void {
  stock.applyItem(item);
}

/** True when the live features an item that this page has not heard of: only a snapshot tells. */
export function needsSnapshot(): boolean {
  return live.peek()?.itemIds.some((id) => stock.get(id) === undefined) ?? false;
}

export function onBooking(booking: Booking, viewer: ViewerBrief): void {
  inOrder(() => {
    if (booking.liveId !== wanted) return;
    if (booking.status === 'held') heldNow.set(booking.bookingId, { ...booking, viewer });
    else heldNow.delete(booking.bookingId);
    showHeld.soon();
  });
}

/** A held booking as it is known, which may be a moment ahead of what is shown. */
export function heldBooking(bookingId: string): HostBooking | undefined {
  return heldNow.get(bookingId);
}

export function onAudience(liveId: string, viewers: number): void {
  if (liveId === wanted) audience.value = viewers;
}

/** Signing out forgets the shop's state with the token. */
export function leaveRoom(): void {
  wanted = null;
  early = null;
  batch(() => {
    live.value = null;
    heldNow.clear();
    showHeld.now();
    audience.value = null;
    joinError.value = null;
    stock.applySnapshot([]);
  });
}
