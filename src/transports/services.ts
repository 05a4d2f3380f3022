import type { Status } from '../protocol/http.js';
import type { Audits } from '../services/audit.js';
import type { Bookings } from '../services/bookings.js';
import type { Catalogue } from '../services/catalogue.js';
import type { Changes } from '../services/changes.js';
import type { Comments } from '../services/comments/comments.js';
import type { Exports } from '../services/exports.js';
import type { Orders } from '../services/orders.js';
import type { People } from '../services/people.js';
import type { Photos } from '../services/photos.js';
import type { Previews } from '../services/previews.js';
import type { Refunds } from '../services/refunds.js';
import type { Reports } from '../services/reports.js';
import type { Shops } from '../services/shops.js';
import type { Snapshots } from '../services/snapshots.js';
import type { Staff } from '../services/staff.js';
import type { Viewers } from '../services/viewers.js';
import type { Waitlist } from '../services/waitlist.js';
import type { EventFeed } from '../services/webhooks/event-feed.js';
import type { Webhooks } from '../services/webhooks/webhooks.js';

/** The use cases that the transports offer over the wire; put together once in app.ts. */
export interface Services {
  shops: Shops;
  catalogue: Catalogue;
  photos: Photos;
  previews: Previews;
  viewers: Viewers;
  people: People;
  exports: Exports;
  bookings: Bookings;
  comments: Comments;
  orders: Orders;
  refunds: Refunds;
  reports: Reports;
  snapshots: Snapshots;
  waitlist: Waitlist;
  staff: Staff;
  changes: Changes;
  audits: Audits;
  webhooks: Webhooks;
  eventFeed: EventFeed;
  /** What hosts should know of this server. */
  status(): Status;
}
