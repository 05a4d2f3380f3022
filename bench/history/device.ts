import type { Me } from '../../src/protocol/viewer.js';
import type { Sight } from './stock.js';

/** One connection of a viewer, from its beginning to its end: whoever connects again is another device. */
export interface Device {
  /** Undefined without a token: it watches, and nothing private concerns it. */
  readonly viewerId: string | undefined;
  /** Among the devices of the viewer. */
  readonly index: number;
  /** Connected since, and told whatever is committed from then on; ms of the clients' clock. */
  from: number;
  /** What it sees of the live. */
  readonly sight: Sight;
  /** Its connection has ended: what it was not told says nothing. */
  lost: boolean;
  /** Commands sent, and how many of them wait for an answer. */
  commands: { sent: number; open: number };
  /** The viewer's own state as it was first answered to it, and when the answer came by the server's clock. */
  snapshot: { me: Me; serverNow: number } | undefined;
  /** As it knows it. */
  reputation: number | undefined;
  /** The newest deadline that it was told had passed, epoch ms. */
  lastLapsed: number;
  /** Private notifications in their order, but those of bookings just made: one of a viewer's sockets has none of these. */
  heard: { count: number; digest: string };
}

/** What the server says of a viewer when all is over. */
export interface FinalState {
  me: Me;
  /** By the server's clock it was asked for not before this, epoch ms. */
  serverTime: number;
}

/** A viewer as the checks of bookings, checkouts and orders see them. */
export interface ViewerState {
  readonly viewerId: string;
  readonly devices: readonly Device[];
  readonly final: FinalState | undefined;
  /** Commands may have had an effect that the server never told of. */
  readonly unanswered: number;
}

/** Both clocks are read through messages, so only what is earlier than this counts as early, ms. */
export const CLOCK_TOLERANCE_MS = 25;

/** Of one that does not stand yet. */
export function newDevice(viewerId: string | undefined, index: number, sight: Sight): Device {
  return {
    viewerId,
    index,
    from: Number.POSITIVE_INFINITY,
    sight,
    lost: false,
    commands: { sent: 0, open: 0 },
    snapshot: undefined,
    reputation: undefined,
    lastLapsed: 0,
    heard: { count: 0, digest: '' },
  };
}
