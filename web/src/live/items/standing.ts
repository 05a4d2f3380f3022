import type { Booking } from '../../../../src/protocol/booking.js';
import type { WaitlistEntry } from '../../../../src/protocol/waitlist.js';
import { ticking } from '../../shared/clock.js';
import { countdown } from '../../shared/format.js';
import type { CommandError } from '../../shared/messages.js';
import type { ItemEntry } from '../../shared/stock.js';
import { attemptOf } from '../booking.js';
import {
  bookings,
  bookingsByItem,
  cartQuantity,
  cooldownOf,
  profile,
  rights,
  waitsByItem,
} from '../me.js';
import { say } from '../messages.js';
import { isReturning } from '../session.js';
import { connection, live, rules } from '../state.js';

/** What a viewer can do about an item now, shown before the tap. The server judges; this only spares a tap in vain. */

export type Wish =
  | { kind: 'keep' }
  | { kind: 'wait' }
  /** `label` in a button's few words, `error` as the server would say it. */
  | { kind: 'blocked'; label: string; error?: CommandError };

export type Standing =
  | Wish
  | { kind: 'pending' }
  | { kind: 'mine'; held: readonly Booking[]; until: number; isTurn: boolean }
  | { kind: 'waiting'; entry: WaitlistEntry; place: number };

/** Nobody waits in more lines at once. */
const MOST_WAITS = 20;

/** What the viewer has in an item comes before what they could still do. */
export function standingOf(entry: ItemEntry): Standing {
  if (attemptOf(entry.itemId).value.state === 'pending') return { kind: 'pending' };
  const held = bookingsByItem.value.get(entry.itemId);
  if (held !== undefined) {
    const first = held.reduce((one, other) => (other.expiresAt < one.expiresAt ? other : one));
    const isTurn = first.source === 'waitlist';
    return { kind: 'mine', held, until: first.expiresAt, isTurn };
  }
  const waits = waitsByItem.value.get(entry.itemId);
  if (waits !== undefined) return { kind: 'waiting', entry: waits, place: placeOf(entry, waits) };
  return wishOf(entry);
}

/** Nobody has more than `ticket` − `head` before them, and of those some have left. */
function placeOf(entry: ItemEntry, { ticket }: WaitlistEntry): number {
  const { head, waiting } = entry.stock.value;
  return Math.max(1, Math.min(ticket - head + 1, waiting));
}

/** What one more unit would come to. */
export function wishOf(entry: ItemEntry): Wish {
  const obstacle = obstacleOf(entry);
  if (obstacle !== undefined) return obstacle;
  const { available, booked, allocated } = entry.stock.value;
  if (available > 0) return { kind: 'keep' };
  const mine = unitsHeld(entry.itemId);
  const others = booked + allocated - mine;
  // Who holds all that there is would wait for themselves.
  if (mine > 0 && others <= 0) return { kind: 'blocked', label: say('allYours') };
  if (rules.value?.waitlist !== true || waitsByItem.value.has(entry.itemId))
    return { kind: 'blocked', label: say(others > 0 ? 'allHeld' : 'sold') };
  if (waitsByItem.value.size < MOST_WAITS) return { kind: 'wait' };
  return refusal(say('atMost', { limit: MOST_WAITS }), 'MAX_BOOKINGS', { limit: MOST_WAITS });
}

/** The most that one tap may ask for: what there is, within what the shop allows this viewer. */
export function mostOf(entry: ItemEntry, wish: Wish): number {
  const { available } = entry.stock.value;
  const most = Math.min(roomFor(entry.itemId), wish.kind === 'wait' ? MOST_AT_ONCE : available);
  return Math.max(1, most);
}

/** Who waits for more than this is better off with two places. */
const MOST_AT_ONCE = 99;

function refusal(label: string, code: CommandError['code'], details = {}): Wish {
  return { kind: 'blocked', label, error: { code, message: '', details } };
}

function obstacleOf(entry: ItemEntry): Wish | undefined {
  return ofTheLive(entry) ?? ofTheViewer() ?? ofTheLimits(entry.itemId);
}

function ofTheLive(entry: ItemEntry): Wish | undefined {
  if (connection.value === 'offline') return refusal(say('disconnected'), 'OFFLINE');
  const status = live.value?.status;
  if (status === 'scheduled') return refusal(say('notStarted'), 'LIVE_NOT_OPEN');
  if (status === 'ended') return refusal(say('over'), 'LIVE_NOT_OPEN');
  return entry.details.value.open ? undefined : refusal(say('closed'), 'ITEM_CLOSED');
}

/** What `rights` says of the viewer as such. */
function ofTheViewer(): Wish | undefined {
  if (profile.value === null)
    return rules.value?.guestsMayBook === false && !isReturning.value
      ? refusal(say('noGuests'), 'FORBIDDEN', { reason: 'guest' })
      : undefined;
  const may = rights.value;
  if (may === null || may.mayBook) return undefined;
  const code = may.reason ?? 'FORBIDDEN';
  if (code === 'VIEWER_RESTRICTED') return refusal(say('restricted'), code);
  if (code === 'REPUTATION_TOO_LOW') return refusal(say('lowReputation'), code);
  return refusal(say('noGuests'), code, { reason: 'guest' });
}

function ofTheLimits(itemId: string): Wish | undefined {
  const until = cooldownOf(itemId).value;
  if (until > 0 && until > ticking())
    return refusal(countdown(until - ticking()), 'COOLDOWN', { until });
  const limit = rights.value?.maxBookings;
  if (limit !== undefined && bookings.value.length >= limit)
    return refusal(say('atMost', { limit }), 'MAX_BOOKINGS', { limit });
  const ofItem = rules.value?.maxItemQuantity ?? 0;
  if (ofItem > 0 && unitsHeld(itemId) >= ofItem)
    return refusal(say('atMost', { limit: ofItem }), 'MAX_ITEM_QUANTITY', { limit: ofItem });
  const inAll = rules.value?.totalItemCart ?? 0;
  if (inAll > 0 && cartQuantity.value >= inAll)
    return refusal(say('cartFull'), 'CART_FULL', { limit: inAll });
  return undefined;
}

/** How many more units of an item the shop lets this viewer have. */
function roomFor(itemId: string): number {
  const { maxItemQuantity = 0, totalItemCart = 0 } = rules.value ?? {};
  return Math.min(
    maxItemQuantity === 0 ? MOST_AT_ONCE : maxItemQuantity - unitsHeld(itemId),
    totalItemCart === 0 ? MOST_AT_ONCE : totalItemCart - cartQuantity.value,
  );
}

function unitsHeld(itemId: string): number {
  const held = bookingsByItem.value.get(itemId) ?? [];
  return held.reduce((sum, booking) => sum + booking.quantity, 0);
}

/**
 * What a viewer may hope for: `available` now, `held` by others who may let go, `sold` for good, or
 * `closed` by the host.
 */
type Supply = 'available' | 'held' | 'sold' | 'closed';

export function supplyOf(entry: ItemEntry): Supply {
  if (!entry.details.value.open) return 'closed';
  const { available, booked, allocated } = entry.stock.value;
  if (available > 0) return 'available';
  return booked + allocated > 0 ? 'held' : 'sold';
}
