import { shopKey } from '../../src/store/keys.js';
import { scripts } from '../../src/store/scripts/index.js';
import { type Host, host, type Stage } from './host.js';
import { askNow, Midtrans, startMidtransServer, takeUpNotices } from './midtrans-server.js';
import { type Buyer, buyer } from './orders.js';
import { type RedisServer, startRedis } from './redis-server.js';
import type { TestServer } from './server.js';
import { type ServerProcess, spawnServer } from './server-process.js';
import { FrontDoor, type Moment, Tripwire, wireGateway, wireRedis } from './tripwire.js';

/** What happens around a crash. */
export interface Flow {
  /** How the gateway's word reaches the server that comes after: its own retries, or being asked. */
  recovery: 'retries' | 'asking';
  /** Up to where the flow begins; no point of it is a point to die at. */
  prepare(scene: CrashScene): Promise<void>;
  /** What the server dies in; each await of it may never come back. Without a crash it resolves at the end. */
  act(scene: CrashScene): Promise<void>;
  /** What clients and gateway do once a server is up again, and what must hold then. */
  recover(scene: CrashScene): Promise<void>;
}

/** One shop on one server that is going to be killed, with everything that it writes or asks passing a tripwire. */
export class CrashScene {
  readonly redis: RedisServer;
  readonly midtrans: Midtrans;
  readonly wire: Tripwire;
  readonly door: FrontDoor;
  readonly doomed: ServerProcess;
  /** Of the server that is up. */
  seller: Host;
  ani: Buyer;
  readonly stage: Stage;
  orderId = '';
  paymentId = '';
  checkoutId = '';
  private payerHasPaid = false;
  private server: TestServer | undefined;

  private constructor(
    outside: Pick<CrashScene, 'redis' | 'midtrans' | 'wire' | 'door' | 'doomed'>,
    inside: { seller: Host; ani: Buyer; stage: Stage },
  ) {
    ({ redis: this.redis, midtrans: this.midtrans, wire: this.wire, door: this.door } = outside);
    this.doomed = outside.doomed;
    ({ seller: this.seller, ani: this.ani, stage: this.stage } = inside);
  }

  static async open(recovery: Flow['recovery']): Promise<CrashScene> {
    const redis = await startRedis();
    const client = await redis.client();
    for (const { source } of Object.values(scripts)) await client.scriptLoad(source);
    const retryDelaysMs = recovery === 'retries' ? [100, 300, 600, 1_200, 2_400] : [];
    const midtrans = await Midtrans.start({ retryDelaysMs });
    let server: ServerProcess | undefined;
    const wire = new Tripwire(async () => server?.kill('SIGKILL'));
    server = await spawnServer({
      redisUrl: await wireRedis(redis, wire),
      ...midtrans.environment,
      MIDTRANS_BASE_URL: await wireGateway(midtrans.lookalike.baseUrl, wire),
    });
    const door = await FrontDoor.open();
    door.lead(server.url);
    midtrans.notify(door);

    const seller = host(server);
    const stage = await seller.stage(5);
    const ani = await buyer(server, seller.shop, stage);
    await seller.settings({ booking: { cancelPenaltyPerItem: 10 } });
    await ani.client.ask('booking:cancel', { bookingId: (await ani.book(1)).bookingId });
    const booking = { cancelPenaltyPerItem: 3, expiryPenaltyPerItem: 4, paidRewardPerItem: 1 };
    await seller.settings({ booking });
    const doomed = server;
    return new CrashScene({ redis, midtrans, wire, door, doomed }, { seller, ani, stage });
  }

  /** Two units in an order that awaits its QRIS payment; no notice is under way, and none comes until it is paid. */
  async order(): Promise<void> {
    const order = await this.ani.buy({ quantity: 2, method: 'qris' });
    this.orderId = order.orderId;
    this.paymentId = order.payment?.paymentId ?? '';
    await this.midtrans.notifier.idle();
    this.midtrans.notifier.dropping = true;
  }

  /** The payer scans and pays, once in every life of the scene. */
  async pay(how: 'noticed' | 'unnoticed'): Promise<void> {
    if (this.payerHasPaid) return;
    this.payerHasPaid = true;
    this.midtrans.notifier.dropping = false;
    if (how === 'unnoticed') await this.midtrans.settleUnnoticed(this.paymentId);
    else this.midtrans.payments.settle(this.paymentId);
  }

  /** The order's time is over, now. */
  async beDue(): Promise<void> {
    const client = await this.redis.client();
    const key = `${shopKey(this.seller.shop)}:order:${this.orderId}`;
    await client.hSet(key, 'expiresAt', String(Date.now() - 1));
    await this.askNow();
  }

  async askNow(): Promise<void> {
    if (this.paymentId) await askNow(this.redis, this.seller.shop, this.paymentId);
  }

  /** Another server in the place of the one that was killed. */
  async restart(): Promise<void> {
    const server = await startMidtransServer(this.redis.url, this.midtrans);
    this.server = server;
    this.midtrans.notify(this.door);
    this.door.lead(server.url);
    this.seller = host(server, this.seller.shop);
    this.ani = await buyer(server, this.seller.shop, this.stage);
  }

  /** At once and not with the test: another scene follows. */
  async close(): Promise<void> {
    this.ani.client.drop();
    await this.doomed.kill('SIGKILL');
    await this.server?.close();
    await this.midtrans.lookalike.close();
    await this.redis.kill();
  }

  /** Notices that the crash left are taken up once they are old enough: they are now. */
  async untilNoNoticeIsOpen(): Promise<void> {
    await this.midtrans.notifier.idle();
    await takeUpNotices(this.redis, this.seller.shop);
  }
}

/** Plays a flow once through, and once for each point at which a server can die in it. Answers the points. */
export async function dieAtEveryPoint(flow: Flow, atOnce = 3): Promise<string[]> {
  const scene = await CrashScene.open(flow.recovery);
  await flow.prepare(scene);
  scene.wire.arm();
  await flow.act(scene);
  const steps = [...scene.wire.steps];
  await scene.close();
  // Before a step, Redis and the gateway are as they were after the one before it: only the first has a before of its own.
  const after = steps.map((step, i) => ({ at: i + 1, moment: 'after' as Moment, step }));
  const queue = [{ at: 1, moment: 'before' as Moment, step: steps[0] }, ...after];
  const work = async () => {
    for (let point = queue.shift(); point; point = queue.shift()) {
      const { at, moment, step } = point;
      try {
        await dieAt(flow, at, moment);
      } catch (error) {
        throw new Error(`killed ${moment} step ${at}, ${step}: ${String(error)}`, { cause: error });
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return steps;
}

async function dieAt(flow: Flow, at: number, moment: Moment): Promise<void> {
  const scene = await CrashScene.open(flow.recovery);
  await flow.prepare(scene);
  scene.wire.arm(at, moment);
  const act = flow.act(scene).then(
    () => new Promise(() => {}),
    () => new Promise(() => {}),
  );
  await Promise.race([scene.wire.sprung, act, within(20_000, 'the server did not come to die')]);
  await scene.restart();
  await flow.recover(scene);
  await scene.close();
}

function within(ms: number, what: string): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`not within ${ms} ms: ${what}`)), ms).unref();
  });
}
