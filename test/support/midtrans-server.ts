import { shopKey } from '../../src/store/keys.js';
import { MidtransLookalike } from '../payments/midtrans-lookalike.js';
import { atEnd } from './at-end.js';
import type { RedisServer } from './redis-server.js';
import { startServer, type TestServer } from './server.js';
import type { Reachable } from './server-environment.js';
import { until } from './until.js';

const DEFAULT_LIFETIME_MS = 15 * 60_000;

/** The gateway's look-alike with a clock of its own: what lives for 15 minutes there can be over soon here. */
export class Midtrans {
  readonly lookalike: MidtransLookalike;
  private readonly clock: { offset: number };

  private constructor(lookalike: MidtransLookalike, clock: { offset: number }) {
    this.lookalike = lookalike;
    this.clock = clock;
  }

  static async start(options: { retryDelaysMs?: number[] } = {}): Promise<Midtrans> {
    const clock = { offset: 0 };
    const now = () => Date.now() + clock.offset;
    const lookalike = await MidtransLookalike.start({ ...options, now });
    atEnd(() => lookalike.close());
    return new Midtrans(lookalike, clock);
  }

  get payments() {
    return this.lookalike.payments;
  }

  get notifier() {
    return this.lookalike.notifier;
  }

  /** What a server needs to know to charge here. */
  get environment() {
    return {
      PAYMENTS: 'midtrans',
      MIDTRANS_SERVER_KEY: this.lookalike.serverKey,
      MIDTRANS_BASE_URL: this.lookalike.baseUrl,
    };
  }

  notify(server: Reachable): void {
    this.notifier.webhookUrl = `${server.url}/api/v1/webhooks/midtrans`;
  }

  /** Charges from now on expire this long after they were made, ms; its times are whole seconds, so up to one more. */
  expireAfter(ms = DEFAULT_LIFETIME_MS): void {
    this.clock.offset = ms === DEFAULT_LIFETIME_MS ? 0 : ms - DEFAULT_LIFETIME_MS + 999;
  }

  /** The payer pays and no notice of it ever comes; those of before have come in first. */
  async settleUnnoticed(paymentId: string): Promise<void> {
    await this.notifier.idle();
    this.notifier.dropping = true;
    this.payments.settle(paymentId);
    this.notifier.dropping = false;
  }

  /** The ids of all payments that were asked for so far. */
  charged(): string[] {
    return this.lookalike.requests
      .filter(({ path }) => path === '/v2/charge')
      .map(
        ({ body }) => (body as { transaction_details: { order_id: string } }).transaction_details,
      )
      .map(({ order_id }) => order_id);
  }

  /** What was asked about a payment so far: `status`, `cancel`, … */
  asked(paymentId: string): string[] {
    const about = `/v2/${paymentId}/`;
    return this.lookalike.requests
      .filter(({ path }) => path.startsWith(about))
      .map(({ path }) => path.slice(about.length));
  }
}

/** A server that takes its payments at the look-alike and gets its notices. */
export async function startMidtransServer(
  redisUrl: string,
  midtrans: Midtrans,
): Promise<TestServer> {
  const server = await startServer({ redisUrl, ...midtrans.environment });
  midtrans.notify(server);
  return server;
}

/** Makes it the turn of every notice without an outcome to be taken up; resolves when none is left. */
export async function takeUpNotices(redis: RedisServer, shop: string): Promise<void> {
  const client = await redis.client();
  const key = `${shopKey(shop)}:notices:due`;
  for (const value of await client.zRange(key, 0, -1)) {
    await client.zAdd(key, { score: 1, value }, { condition: 'XX' });
  }
  await until('every notice has an outcome', async () => (await client.zCard(key)) === 0);
}

/** Makes it the payment's turn to be asked about: what the reconciler does by itself after half a minute. */
export async function askNow(redis: RedisServer, shop: string, paymentId: string): Promise<void> {
  const client = await redis.client();
  await client.zAdd(`${shopKey(shop)}:payments:open`, { score: 1, value: paymentId });
}
