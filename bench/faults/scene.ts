import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shopKey } from '../../src/store/keys.js';
import { MidtransLookalike } from '../../test/payments/midtrans-lookalike.js';
import { freePorts } from '../../test/support/free-ports.js';
import type { Host } from '../../test/support/host.js';
import { RedisProxy } from '../../test/support/redis-proxy.js';
import { runMain } from '../../test/support/server-process.js';
import type { Crowd } from './crowd/crowd.js';
import type { Finding } from './guarantees.js';
import { Random } from './random.js';
import { DatabaseProcess } from './rig/database.js';
import { ShakyReceiver } from './rig/receiver.js';
import { Server } from './rig/server.js';
import { type Fsync, StoreProcess } from './rig/store.js';

/** What a fault is played on. */
export interface Needs {
  /** How many servers share the Redis. */
  servers: number;
  fsync: Fsync;
  /** A network between servers and Redis that can be spoilt. */
  proxy: boolean;
  /** A gateway outside of the server, in place of the sandbox. */
  gateway: boolean;
  /** Size of the disk that Redis writes to, MB; undefined: this machine's. */
  diskMb?: number;
  /** The servers' clocks can be set. */
  clocks: boolean;
  /** An archive in PostgreSQL, and a webhook whose receiver is down half of the time. */
  archive: boolean;
  /** Size of the disk that PostgreSQL writes to, MB; undefined: this machine's. */
  databaseDiskMb?: number;
  /** After how long finished records leave Redis; undefined: not while it runs. */
  retentionDays?: number;
}

/** What was lost, and what not. */
export interface Loss {
  /** Whatever was acknowledged before this is still there; ms of the clients' clock. */
  keptUntil: number;
  /** Nothing is left, the shop included. */
  everything?: boolean;
}

const STANDARD: Needs = {
  servers: 1,
  fsync: 'always',
  proxy: false,
  gateway: false,
  clocks: false,
  archive: false,
};
/** Play-money and look-alike QR codes live so long, minutes. */
const QRIS_MINUTES = 0.03;
const LOOKALIKE_LIFE_MS = 15 * 60_000;
/** As Midtrans tries again a notice that was not taken, its hours shrunk, ms. */
const NOTICE_RETRIES_MS = [100, 200, 400, 800, 1_600];
const CLOCK = new URL('./rig/clock.js', import.meta.url).href;

/** The processes of one run, which a fault can do things to. */
export class Scene {
  private static readonly all = new Set<Scene>();
  readonly store: StoreProcess;
  readonly servers: Server[];
  readonly proxy: RedisProxy | undefined;
  readonly midtrans: MidtransLookalike | undefined;
  readonly database: DatabaseProcess | undefined;
  readonly receiver: ShakyReceiver | undefined;
  /** The place in the event stream from which on the receiver is told. */
  hookedAt = '';
  /** What a fault saw broken itself. */
  readonly findings: Finding[] = [];
  shopId = '';
  liveId = '';
  crowd: Crowd | undefined;
  /** When the fault began and ended, epoch ms and ms of the clients' clock. */
  readonly began = { epoch: 0, at: 0 };
  readonly ended = { epoch: 0, at: 0 };
  /** Set by a fault that may lose what was acknowledged. */
  loss: Loss | undefined;
  /** When the first booking after the fault's end was accepted, ms of the clients' clock. */
  recovery: Promise<number> | undefined;

  private constructor(
    parts: Pick<Scene, 'store' | 'servers'>,
    around: Pick<Scene, 'proxy' | 'midtrans' | 'database' | 'receiver'>,
  ) {
    this.store = parts.store;
    this.servers = parts.servers;
    this.proxy = around.proxy;
    this.midtrans = around.midtrans;
    this.database = around.database;
    this.receiver = around.receiver;
  }

  /** Starts everything. @throws NotPermitted */
  static async open(given: Partial<Needs>, seed: string): Promise<Scene> {
    const needs = { ...STANDARD, ...given };
    const store = await StoreProcess.start(needs.fsync, needs.diskMb);
    const proxy = needs.proxy ? new RedisProxy(store.redis.socketPath) : undefined;
    await proxy?.listen();
    const midtrans = needs.gateway ? await startGateway() : undefined;
    const database = needs.archive ? await startDatabase(store, needs) : undefined;
    const receiver = needs.archive ? await ShakyReceiver.start(new Random(seed)) : undefined;
    const environment = {
      redisUrl: proxy?.url ?? store.redis.url,
      SANDBOX_QRIS_MINUTES: String(QRIS_MINUTES),
      ...(midtrans && gatewayEnvironment(midtrans)),
      ...(database && archiveEnvironment(database, needs)),
      ...(needs.clocks && { NODE_OPTIONS: `--import=${CLOCK}`, FAULTS_CLOCK: clockFile(store) }),
    };
    if (needs.clocks) writeFileSync(clockFile(store), '0');
    const ports = await freePorts(needs.servers);
    const servers = ports.map((port) => new Server(port, environment));
    const scene = new Scene({ store, servers }, { proxy, midtrans, database, receiver });
    Scene.all.add(scene);
    try {
      await Promise.all(servers.map((server) => server.start()));
    } catch (error) {
      await scene.close();
      throw error;
    }
    if (midtrans) midtrans.notifier.webhookUrl = `${servers[0]?.url}/api/v1/webhooks/midtrans`;
    return scene;
  }

  get server(): Server {
    return this.servers[0] as Server;
  }

  get urls(): string[] {
    return this.servers.map(({ url }) => url);
  }

  /** The fault itself: from its first moment until whatever was taken away is being given back. */
  async during(work: () => Promise<unknown>): Promise<void> {
    this.began.epoch ||= Date.now();
    this.began.at ||= performance.now();
    await work();
    this.ended.epoch = Date.now();
    this.ended.at = performance.now();
    this.recovery = this.crowd?.watch.nextBooking();
  }

  /** From now on the receiver is told of the shop, if there is one. */
  async hook(seller: Host): Promise<void> {
    if (!this.receiver) return;
    const url = await this.receiver.url();
    const { webhook } = await seller.post<{ webhook: { secret: string } }>('/webhooks', { url });
    this.receiver.secret = webhook.secret;
    const last = `${shopKey(this.shopId)}:events:last`;
    this.hookedAt = (await this.store.ask((client) => client.get(last))) ?? '0-0';
  }

  /** As whoever has looked at what is gone says that the servers may go on. */
  async acceptLoss(): Promise<void> {
    const { code, said } = await runMain('accept-loss', this.store.redis.url);
    if (code !== 0) throw new Error(`accept-loss: ${said}`);
  }

  /** From now on the servers' clocks are so far ahead of this machine's, ms; behind, if below 0. */
  setClocks(offsetMs: number): void {
    writeFileSync(clockFile(this.store), String(offsetMs));
    for (const server of this.servers) server.signal('SIGUSR2');
  }

  /** Ends whatever still runs. */
  static async closeAll(): Promise<void> {
    await Promise.all([...Scene.all].map((scene) => scene.close()));
  }

  /** Ends every process and takes away what they wrote. */
  async close(): Promise<void> {
    Scene.all.delete(this);
    await this.crowd?.leave();
    await Promise.all(this.servers.map((server) => server.end()));
    await this.proxy?.close();
    await this.midtrans?.close();
    await this.receiver?.close();
    await this.database?.end();
    await this.store.end();
  }
}

function clockFile(store: StoreProcess): string {
  return join(store.folder, 'clock');
}

/** Its clock stands so that what lives for a quarter of an hour there is over in seconds here. */
function startGateway(): Promise<MidtransLookalike> {
  const offset = QRIS_MINUTES * 60_000 - LOOKALIKE_LIFE_MS + 999;
  return MidtransLookalike.start({
    now: () => Date.now() + offset,
    retryDelaysMs: NOTICE_RETRIES_MS,
  });
}

function gatewayEnvironment(midtrans: MidtransLookalike) {
  return {
    PAYMENTS: 'midtrans',
    MIDTRANS_SERVER_KEY: midtrans.serverKey,
    MIDTRANS_BASE_URL: midtrans.baseUrl,
  };
}

async function startDatabase(store: StoreProcess, needs: Needs): Promise<DatabaseProcess> {
  try {
    return await DatabaseProcess.start(needs.databaseDiskMb);
  } catch (error) {
    await store.end();
    throw error;
  }
}

function archiveEnvironment({ server }: DatabaseProcess, { retentionDays }: Needs) {
  return {
    DATABASE_URL: server.url,
    WEBHOOK_ALLOW_PRIVATE: 'true',
    ...(retentionDays !== undefined && { RETENTION_DAYS: String(retentionDays) }),
  };
}
