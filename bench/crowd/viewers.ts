import type { Connection } from '../client/connection.js';

/** Where the viewers of a measurement go, and how. */
export interface CrowdOptions {
  url: string;
  shopId: string;
  liveId: string;
  itemIds: string[];
  /** What the viewers' ids begin with, where several crowds go to one shop. */
  idPrefix?: string;
  /** Signs the viewers' tokens; without it they watch without one. */
  secret?: string | undefined;
  /** Viewers connect, and do not join the live: nothing but answers and what concerns them alone comes to them. */
  connectOnly?: boolean;
  /** Viewers take compressed messages, as browsers do. */
  inflates?: boolean;
}

/** A connection of one viewer, numbered from 0. */
export interface Viewer {
  id: string;
  connection: Connection;
}
