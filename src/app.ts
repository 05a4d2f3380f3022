import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Config } from './config.js';
import { createLog } from './log.js';
import { createMetrics } from './metrics.js';
import { ActiveShops } from './services/active-shops.js';
import { Audience } from './services/audience.js';
import { auditShop } from './services/audit.js';
import { Bookings } from './services/bookings.js';
import { Catalogue } from './services/catalogue.js';
import { Feeds } from './services/feeds.js';
import { Orders } from './services/orders.js';
import { MidtransGateway } from './services/payments/midtrans.js';
import { Reconciler } from './services/payments/reconciler.js';
import { SandboxGateway } from './services/payments/sandbox.js';
import { Settler } from './services/payments/settler.js';
import { Shops } from './services/shops.js';
import { Snapshots } from './services/snapshots.js';
import { createSweeper } from './services/sweeper.js';
import { Viewers } from './services/viewers.js';
import { checkStore } from './store/health.js';
import { startLocalRedis } from './store/local-redis.js';
import { Store } from './store/store.js';
import { createHttpApp } from './transports/http/server.js';
import { Tokens } from './transports/identity.js';
import { createRateLimits } from './transports/rate-limit.js';
import type { Services } from './transports/services.js';
import { Attendance } from './transports/socket/attendance.js';
import { BookingAcks } from './transports/socket/booking-acks.js';
import { serveConnections } from './transports/socket/connections.js';
import { Emitter } from './transports/socket/emitter.js';
import { Outbox } from './transports/socket/outbox.js';
import { Publisher } from './transports/socket/publisher.js';
import { createSocketServer } from './transports/socket/server.js';
import { dropSlowReaders } from './transports/socket/slow-readers.js';
import { Underway } from './transports/underway.js';
import { welcome } from './transports/welcome.js';

/** Connections that wait to be accepted: a live that goes on air brings thousands within a second. */
const BACKLOG = 4_096;
/** How long commands that run may take to finish at shutdown, ms. */
const DRAIN_MS = 5_000;

export interface App {
  /** Starts to serve; answers the address. */
  listen(): Promise<{ port: number; url: string }>;
  /** Unready (for `DRAIN_SECONDS`) → no more sweeping → no more connections → what runs finishes → sockets → Redis. */
  close(): Promise<void>;
  readonly log: Logger;
  readonly services: Services;
  readonly tokens: Tokens;
}

/** Puts the whole server together. Everything that it starts, `close()` ends. */
export async function createApp(config: Config): Promise<App> {
  const log = createLog(config.logLevel);
  const localRedis =
    config.redisUrl === undefined
      ? await startLocalRedis({ dataDir: config.dataDir, log })
      : undefined;
  const metrics = createMetrics();
  const store = new Store(config.redisUrl ?? localRedis?.url ?? '', log, metrics.ofStore);
  await store.open();
  for (const warning of (await checkStore(store)).warnings) log.warn(warning);

  const sandbox =
    config.payments.provider === 'sandbox'
      ? new SandboxGateway(store, config.payments.qrisMinutes)
      : undefined;
  const gateway = sandbox ?? createMidtrans(config);
  const settler = new Settler(store, gateway, metrics, log);
  const reconciler = new Reconciler(store, gateway, settler, log).alarms;
  const sweeper = createSweeper(store, metrics, log);
  const active = new ActiveShops(store);
  const onDeadline = (shopId: string, at: number, now?: number) => {
    sweeper.note(shopId, at, now);
    active.renew(shopId);
  };
  const onOrderDeadline = (shopId: string, at: number) => {
    onDeadline(shopId, at);
    reconciler.note(shopId, at);
  };
  const services: Services = {
    shops: new Shops(store),
    catalogue: new Catalogue(store),
    viewers: new Viewers(store),
    bookings: new Bookings({ store, metrics, active, onDeadline }),
    orders: new Orders({ store, gateway, settler, log, onDeadline: onOrderDeadline }),
    snapshots: new Snapshots(store),
    audit: (shopId) => auditShop(store, shopId),
  };

  let stopping = false;
  const tokens = new Tokens(config.auth);
  const limits = createRateLimits(config.rateLimit);
  const { corsOrigins, trustProxy } = config;
  const { allowGuests } = config.auth;
  const web = createHttpApp({
    store,
    services,
    tokens,
    payments: { gateway, settler, sandbox },
    limits,
    metrics,
    log,
    allowGuests,
    corsOrigins,
    trustProxy,
    stopping: () => stopping,
  });
  const underway = new Underway();
  const server = createServer((request, response) => {
    underway.begin();
    response.once('close', () => underway.end());
    web(request, response);
  });
  const { io, live, host } = createSocketServer(server, { corsOrigins, trustProxy, limits });
  const outbox = new Outbox();
  const emitter = new Emitter(live, host, outbox);
  const acks = new BookingAcks();
  const publisher = new Publisher(emitter, services.snapshots, acks);
  const slowReaders = dropSlowReaders(io, log);
  const feeds = new Feeds(store, publisher, log);
  const attendance = new Attendance(feeds, publisher);
  const context = { log, metrics, limit: limits.commands, underway, outbox };
  serveConnections(io, { tokens, services, publisher, attendance, acks, context, trustProxy });
  const audience = new Audience(
    store,
    () => publisher.audiences(),
    (shopId, liveId, viewers) => emitter.toHostsOfLive(shopId, liveId, viewers),
    log,
  );

  return {
    log,
    services,
    tokens,
    async listen() {
      sweeper.start();
      reconciler.start();
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen({ port: config.port, host: config.host, backlog: BACKLOG }, resolve);
      });
      const { port } = server.address() as AddressInfo;
      const url = config.publicUrl ?? `http://localhost:${port}`;
      if (config.demo) process.stdout.write(await welcome(services, tokens, url));
      return { port, url };
    },
    async close() {
      stopping = true;
      await delay(config.drainSeconds * 1_000);
      sweeper.stop();
      reconciler.stop();
      audience.stop();
      clearInterval(slowReaders);
      server.close();
      await Promise.race([
        underway.none(),
        new Promise((resolve) => setTimeout(resolve, DRAIN_MS).unref()),
      ]);
      publisher.close();
      feeds.close();
      await io.close();
      server.closeAllConnections();
      await store.close();
      await localRedis?.stop();
    },
  };
}

/** Midtrans is told where to send notices when this server has a public address that it can reach. */
function createMidtrans({ payments, publicUrl }: Config): MidtransGateway {
  if (payments.provider !== 'midtrans') throw new Error('payments are not set to midtrans');
  const { serverKey, baseUrl } = payments;
  const reachable = publicUrl?.startsWith('https:');
  return new MidtransGateway({
    serverKey,
    baseUrl,
    ...(reachable ? { notificationUrl: `${publicUrl}/api/v1/webhooks/midtrans` } : {}),
  });
}
