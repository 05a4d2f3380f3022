import { setTimeout as delay } from 'node:timers/promises';
import type { Order } from '../../src/protocol/order.js';
import type { Host } from '../../test/support/host.js';
import type { Till } from './crowd/shopper.js';
import type { Random } from './random.js';

const ANSWER_MS = 8_000;
const AGAIN_MS = 100;
const TRIES_MS = 20_000;

/** Customers who pay: QRIS with their bank, transfers as the host sees them come in. */
export class Bank implements Till {
  /** Payments whose money has moved for good, and since when; ms of the clients' clock. */
  readonly paid = new Map<string, { orderId: string; at: number }>();
  private readonly host: Host;
  private readonly payQris: (paymentId: string) => Promise<number>;

  /** @param payQris moves the money; answers the HTTP status, 0 when nobody answered */
  constructor(host: Host, payQris: (paymentId: string) => Promise<number>) {
    this.host = host;
    this.payQris = payQris;
  }

  async pay({ orderId, payment }: Order): Promise<void> {
    if (!payment) return;
    const pay = () =>
      payment.method === 'qris' ? this.payQris(payment.paymentId) : this.confirm(orderId);
    const end = performance.now() + TRIES_MS;
    while (performance.now() < end) {
      const status = await pay();
      if (status === 200) {
        this.paid.set(payment.paymentId, { orderId, at: performance.now() });
      }
      if (status >= 200 && status < 500) return;
      await delay(AGAIN_MS);
    }
  }

  private confirm(orderId: string): Promise<number> {
    return statusOf(() => this.host.call('POST', `/orders/${orderId}/confirm-payment`));
  }
}

/** The sandbox's banking app, on any of the servers. */
export function sandboxApp(urls: string[], random: Random): (paymentId: string) => Promise<number> {
  return (paymentId) =>
    statusOf(() =>
      fetch(`${random.pick(urls)}/sandbox/qris/${paymentId}/pay`, {
        method: 'POST',
        signal: AbortSignal.timeout(ANSWER_MS),
      }),
    );
}

async function statusOf(call: () => Promise<{ status: number }>): Promise<number> {
  try {
    return (await call()).status;
  } catch {
    return 0;
  }
}
