import { setTimeout as delay } from 'node:timers/promises';
import type { Express } from 'express';
import type { Logger } from 'pino';
import { createServices } from './compose.js';
import type { Config } from './config.js';
import { welcome } from './demo.js';
import { createLog } from './log.js';
import { createMetrics } from './metrics.js';
import { StoreHealth } from './store/health/index.js';
import { type LocalRedis, startLocalRedis } from './store/local-redis/index.js';
import { Store } from './store/store.js';
import { TimeLimit } from './time-limit.js';
import { Listener } from './transports/http/listener.js';
import { createHttpApp } from './transports/http/server.js';
import { Tokens } from './transports/identity.js';
import { createRateLimits } from './transports/rate-limit.js';
import type { Services } from './transports/services.js';
import { Audience } from './transports/socket/broadcast/audience.js';
import { BookingAcks } from './transports/socket/broadcast/booking-acks.js';
import { Emitter } from './transports/socket/broadcast/emitter.js';
import { FrameWriter } from './transports/socket/broadcast/frame-writer.js';
import { Publisher } from './transports/socket/broadcast/publisher.js';
import { dropSlowReaders } from './transports/socket/broadcast/slow-readers.js';
import { StreamFollower } from './transports/socket/broadcast/stream-follower.js';
import { serveConnections } from './transports/socket/connections.js';
import { Membership } from './transports/socket/membership.js';
import { passToOwners } from './transports/socket/owners.js';
import { createSocketServer } from './transports/socket/server.js';
import { Underway } from './transports/underway.js';
import type { WorkerLink } from './workers/link.js';

/** How long commands that run may take to finish at shutdown, ms. */
const FINISH_MS = 5_000;
/** How long sockets may take to say goodbye, ms. */
const GOODBYE_MS = 500;
/** How long it all may take once `DRAIN_SECONDS` are over, ms. */
const END_MS = 9_500;

export interface App {
  /** Listens, and answers where: `/healthz` says that it lives, everything else waits for `start()`. */
  listen(): Promise<{ port: number; url: string }>;
  /** Resolves when it serves, however long Redis is waited for. Throws when no waiting would help. */
  start(): Promise<void>;
  /**
   * In any state: unready (for `DRAIN_SECONDS`) → no more sweeping → no more connections → what runs finishes → sockets →
   * Redis. Throws when that is not done within 10 s.
   */
  close(): Promise<void>;
  readonly log: Logger;
  readonly services: Services;
  readonly tokens: Tokens;
  /** What is served over HTTP. */
  readonly web: Express;
}

/**
 * Puts the whole server together. Everything that it starts, `close()` ends.
 * @param link to the others, when it is one of several workers
 */
export function createApp(config: Config, link?: WorkerLink): App {
  const log = createLog(config.logLevel);
  const metrics = createMetrics();
  const store = new Store(log, metrics.ofStore);
  const health = new StoreHealth(store, log);

  const parts = createServices({ config, store, health, metrics, log, link });
  const { services, payments, sweeper, deliveries, archive, redisFile } = parts;

  let stopping = false;
  const tokens = new Tokens(config.auth, log, (shopId, id) => services.staff.has(shopId, id));
  const limits = createRateLimits(store, config.rateLimit, config.guestsPerAddress, link);
  const { corsOrigins, trustProxy } = config;
  const { allowGuests } = config.auth;
  const web = createHttpApp({
    health,
    services,
    tokens,
    payments,
    limits,
    metrics: () => link?.metrics() ?? metrics.registry.metrics(),
    log,
    allowGuests,
    publicUrl: config.publicUrl,
    corsOrigins,
    trustProxy,
    archive: () => archive?.state ?? 'none',
    stopping: () => stopping,
  });
  const underway = new Underway();
  const listener = new Listener(web, underway, log);
  const { io, live, host } = createSocketServer(listener.server, {
    corsOrigins,
    trustProxy,
    limits,
  });
  const stopPassing = link && passToOwners(listener.server, io, link);
  link?.counting(metrics.registry);
  const frameWriter = new FrameWriter();
  const emitter = new Emitter(live, host, frameWriter);
  const acks = new BookingAcks();
  const publisher = new Publisher(emitter, services.snapshots, services.viewers, acks, log);
  const slowReaders = dropSlowReaders(io, log);
  const streamFollower = new StreamFollower(store, publisher, log);
  const membership = new Membership(streamFollower, publisher);
  const context = { log, metrics, limits, underway, frameWriter, clock: sweeper.clock };
  serveConnections(io, { tokens, services, publisher, membership, acks, context, trustProxy });
  const audience = new Audience(
    store,
    () => publisher.audiences(),
    (shopId, liveId, viewers) => emitter.toHostsOfLive(shopId, liveId, viewers),
    log,
  );

  let url = '';
  let localRedis: LocalRedis | undefined;
  let starting = Promise.resolve();
  let serving = false;
  const unwanted = new AbortController();

  async function begin(): Promise<void> {
    health.start();
    if (config.redisUrl === undefined && !link) {
      localRedis = await startLocalRedis({ dataDir: config.dataDir, log, signal: unwanted.signal });
    }
    await store.open(config.redisUrl ?? localRedis?.url ?? (await link?.localRedis()) ?? '');
    sweeper.start();
    payments.reconciler.start();
    deliveries.start();
    redisFile?.start();
    if (archive) archive.start();
    else log.warn('no DATABASE_URL: nothing is archived, and nothing leaves Redis');
    serving = true;
    if (config.demo) process.stdout.write(await welcome(services, tokens, url));
  }

  async function end(): Promise<void> {
    unwanted.abort();
    sweeper.stop();
    payments.reconciler.stop();
    audience.stop();
    services.eventFeed.stop();
    void deliveries.stop();
    redisFile?.stop();
    const archived = archive?.stop();
    health.stop();
    clearInterval(slowReaders);
    listener.stopAccepting();
    stopPassing?.();
    if (serving) await Promise.race([underway.none(), delay(FINISH_MS, undefined, { ref: false })]);
    publisher.close();
    streamFollower.close();
    const goodbye = io.close();
    await Promise.race([goodbye, delay(GOODBYE_MS, undefined, { ref: false })]);
    listener.destroyConnections();
    await Promise.all([goodbye, archived]);
    await store.close();
    await starting.catch(() => {});
    await localRedis?.stop();
  }

  async function close(): Promise<void> {
    stopping = true;
    if (serving) await delay(config.drainSeconds * 1_000);
    await new TimeLimit(END_MS, () => new Error(`not ended within ${END_MS} ms`)).within(end());
  }

  let closing: Promise<void> | undefined;
  return {
    log,
    services,
    tokens,
    web,
    async listen() {
      const port = await listener.listen(config.port, config.host);
      url = config.publicUrl ?? `http://localhost:${port}`;
      log.info({ port }, serving ? 'listening' : 'listening; not ready yet');
      return { port, url };
    },
    start() {
      starting = begin();
      return starting;
    },
    close() {
      closing ??= close();
      return closing;
    },
  };
}
