import { batch, computed, signal } from '@preact/signals';
import type { HostClient } from '../../../../src/client/index.js';
import type { HandledComment } from '../../../../src/protocol/comment.js';
import type { ItemView } from '../../../../src/protocol/item.js';
import type { Live } from '../../../../src/protocol/live.js';
import type { HostBooking } from '../../../../src/protocol/snapshot.js';
import type { CommandError } from '../../shared/messages.js';
import { type ItemEntry, ItemStore } from '../../shared/stock.js';
import { gather } from './gather.js';
import { remember } from './people.js';

/** The live that the cockpit is in, as signals. */
export const live = signal<Live | null>(null);
export const stock = new ItemStore();
/** Held bookings of this live, by id, as they were last shown. */
export const held = signal<ReadonlyMap<string, HostBooking>>(new Map());
export const audience = signal<number | null>(null);
export const joinError = signal<CommandError | null>(null);

let client: HostClient | null = null;
const showHeld = gather(120, () => {
  held.value = new Map(client?.held);
});

/** The featured items in the order of the live. */
export const featured = computed<readonly ItemEntry[]>(() => {
  const byId = new Map(stock.entries.value.map((entry) => [entry.itemId, entry]));
  const ids = live.value?.itemIds ?? [];
  return ids.flatMap((id) => byId.get(id) ?? []);
});

/** From now on the room is what this client knows. */
export function followRoom(opened: HostClient): void {
  client = opened;
  opened.on('joined', () => {
    batch(() => {
      joinError.value = null;
      stock.replace(opened.items);
      showHeld.now();
    });
    remember(...Array.from(opened.held.values(), (booking) => booking.viewer));
  });
  opened.on('live', (updated) => {
    live.value = updated;
  });
  opened.on('items', (items) => stock.apply(items));
  opened.on('booking:updated', ({ booking }) => {
    if (booking.liveId === opened.live?.liveId) showHeld.soon();
  });
  opened.on('live:audience', () => {
    audience.value = opened.audience;
  });
}

/** Takes in what the server answered to a change. */
export function learn(answer: { item?: ItemView; live?: Live }): void {
  client?.learn(answer);
}

/** Signing out forgets the shop's state with the token. */
export function leaveRoom(): void {
  client = null;
  batch(() => {
    live.value = null;
    showHeld.now();
    audience.value = null;
    joinError.value = null;
    stock.replace([]);
  });
}

/** Comments that were read since the console was opened, newest first: what was asked for and what came of it. */
export const comments = signal<readonly HandledComment[]>([]);

const KEPT = 300;

let heard: HandledComment[] = [];
const show = gather(200, () => {
  comments.value = heard;
});

export const keyOf = ({ source, commentId }: HandledComment) => `${source} ${commentId}`;

export function noteComment(comment: HandledComment): void {
  const key = keyOf(comment);
  if (heard.some((other) => keyOf(other) === key)) return;
  heard = [comment, ...heard].slice(0, KEPT);
  show.soon();
}

export function resetComments(): void {
  heard = [];
  show.now();
}
