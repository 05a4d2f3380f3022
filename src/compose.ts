import type { Logger } from 'pino';
import { Archive } from './archive/archive.js';
import type { Config } from './config.js';
import type { Metrics } from './metrics.js';
import { Audits } from './services/audit.js';
import { Bookings } from './services/bookings.js';
import { Catalogue } from './services/catalogue.js';
import { Changes } from './services/changes.js';
import { Comments } from './services/comments/comments.js';
import { ActiveShops } from './services/deadlines/active-shops.js';
import { createExpirySweeper } from './services/deadlines/expiry.js';
import { Exports } from './services/exports.js';
import { Orders } from './services/orders.js';
import { createPayments } from './services/payments/payments.js';
import { Sealing } from './services/payments/sealing.js';
import { People } from './services/people.js';
import { Photos } from './services/photos.js';
import { Previews } from './services/previews.js';
import { RedisFile } from './services/redis-file.js';
import { Refunds } from './services/refunds.js';
import { Reports } from './services/reports.js';
import { Shops } from './services/shops.js';
import { Snapshots } from './services/snapshots.js';
import { Staff } from './services/staff.js';
import { Viewers } from './services/viewers.js';
import { Waitlist } from './services/waitlist.js';
import { webhookDeliveries } from './services/webhooks/delivery.js';
import { EventFeed } from './services/webhooks/event-feed.js';
import { Webhooks } from './services/webhooks/webhooks.js';
import type { StoreHealth } from './store/health/index.js';
import type { Store } from './store/store.js';
import type { Services } from './transports/services.js';
import type { WorkerLink } from './workers/link.js';

interface Foundations {
  config: Config;
  store: Store;
  health: StoreHealth;
  metrics: Metrics;
  log: Logger;
  link: WorkerLink | undefined;
}

/** Puts the use cases together, with what goes on beside them: deadlines, payments, webhooks, the archive. Starts nothing. */
export function createServices({ config, store, health, metrics, log, link }: Foundations) {
  const { secret, previousSecret } = config.auth;
  const secrets = secret === undefined ? [] : [secret, ...(previousSecret ? [previousSecret] : [])];
  const sealing = new Sealing(secrets);
  const payments = createPayments({ store, config, sealing, metrics, log });
  const { accounts, settler, reconciler } = payments;
  const sweeper = createExpirySweeper(store, metrics, log);
  const active = new ActiveShops(store);
  store.onDue((shopId, at, now) => {
    sweeper.note(shopId, at, now);
    active.renew(shopId);
  });
  const viewers = new Viewers(store);
  const bookings = new Bookings({ store, metrics, active });
  const orders = new Orders({
    store,
    accounts,
    settler,
    log,
    onPayable: (shopId, until) => reconciler.note(shopId, until),
  });
  const archive =
    config.archive &&
    new Archive({
      home:
        link && 'embeddedIn' in config.archive ? { shared: link.localArchive() } : config.archive,
      store,
      log,
      observer: metrics.ofArchive,
      retentionDays: config.retentionDays,
    });
  const isLocal = config.archive !== undefined && 'embeddedIn' in config.archive;
  const redisFile = isLocal ? new RedisFile(store, log) : undefined;
  const shops = new Shops(store);
  const snapshots = new Snapshots(store, sweeper.clock);
  const services: Services = {
    shops,
    catalogue: new Catalogue(store, config.publicUrl),
    photos: new Photos(store),
    previews: new Previews(snapshots, shops),
    viewers,
    people: new People({ store, viewers, bookings, orders, redisFile }),
    exports: new Exports({ store, viewers, bookings, orders }),
    bookings,
    comments: new Comments({ store, metrics, active }),
    orders,
    refunds: new Refunds({ store, accounts, log }),
    reports: new Reports(store),
    snapshots,
    waitlist: new Waitlist(store, active),
    staff: new Staff(store),
    changes: new Changes(store, sweeper.clock),
    audits: new Audits(store),
    webhooks: new Webhooks(store, sealing),
    eventFeed: new EventFeed(store),
    status: () => ({
      warnings: [
        ...(health.lostAt === undefined ? [] : [{ code: 'DATA_LOST' as const, at: health.lostAt }]),
        ...(archive?.lateSince === undefined
          ? []
          : [{ code: 'ARCHIVE_BEHIND' as const, at: archive.lateSince }]),
        ...(archive?.olderSince === undefined
          ? []
          : [{ code: 'ARCHIVE_OLDER' as const, at: archive.olderSince }]),
      ],
    }),
  };

  const deliveries = webhookDeliveries({
    store,
    sealing,
    allowPrivate: config.webhookAllowPrivate,
    log,
  });
  return { services, payments, sweeper, deliveries, archive, redisFile };
}
