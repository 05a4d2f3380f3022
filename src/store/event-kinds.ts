import type { z } from 'zod';
import type { StoredCommentSchema } from '../protocol/comment.js';
import type { LiveEvents } from '../protocol/events.js';
import type { ItemView, Release, StockView } from '../protocol/item.js';
import type { Live } from '../protocol/live.js';

/**
 * What concerns one viewer: the kind that scripts emit, and the socket event that it becomes. Hosts get the same event with
 * the viewer named, where their own table (`HOST_EVENTS` in the protocol) has it.
 */
export const PRIVATE_EVENTS = {
  booking: 'booking:updated',
  order: 'order:updated',
  reputation: 'reputation:changed',
  checkout: 'checkout:expired',
  waitlist: 'waitlist:updated',
  viewer: 'viewer:updated',
} as const satisfies Record<string, keyof LiveEvents>;
export type PrivateKind = keyof typeof PRIVATE_EVENTS;

/** What concerns every viewer of a live. */
export type PublicStoreEvent =
  | { type: 'stock'; items: StockView[] }
  | { type: 'released'; releases: Release[] }
  | { type: 'live'; live: Live; revision: number }
  | { type: 'item'; item: ItemView };

/** A comment that asked for nothing; hosts get it. */
export interface QuestionStoreEvent {
  type: 'question';
  comment: z.infer<typeof StoredCommentSchema>;
}

/** What the other events do not say by themselves, in the words of other systems; sockets do not get it. */
interface FactStoreEvent {
  type: 'fact';
  /** JSON of `{ type, data }`. */
  payload: string;
  /** JSON of a `ViewerBrief`, of what concerns one. */
  viewer?: string;
}

/** Records that have changed and that no other event names, for the archive. */
export interface ChangedStoreEvent {
  type: 'changed';
  orders?: string[];
  notices?: string[];
  ledgers?: string[];
  restocks?: string[];
  /** Viewers who were erased: what was before this says no more who they are. */
  erased?: string[];
}

/** The shop's rules of booking may have changed: servers look whose rights have. */
export interface RulesStoreEvent {
  type: 'rules';
  /** The rules as they were; only scripts read them. */
  before: object;
}

/** What concerns one viewer, and the shop's hosts. It is passed on as it was written, so it stays text. */
export interface PrivateStoreEvent {
  type: PrivateKind | 'comment';
  viewerId: string;
  /** JSON of the event for the viewer. */
  payload: string;
  /** JSON of a `ViewerBrief`, which hosts get besides. */
  viewer: string;
}

/** What the scripts append to a shop's event stream. Written by us alone, so it is trusted, not parsed by schema. */
export type StoreEvent =
  | PublicStoreEvent
  | QuestionStoreEvent
  | FactStoreEvent
  | ChangedStoreEvent
  | RulesStoreEvent
  | PrivateStoreEvent;
