import type { Logger } from 'pino';
import { nextPaymentCheck } from '../../store/payments.js';
import { scripts } from '../../store/scripts/index.js';
import type { Store } from '../../store/store.js';
import { DeadlineClock } from '../deadlines/deadline-clock.js';
import type { Accounts } from './accounts.js';
import { GatewayUnclear } from './gateway.js';
import type { Settler } from './settler.js';

/** Payments asked about, and notices taken up again, at once for a shop. */
const STEP = 20;
/** When the gateway stays silent this long after an order's deadline, the stock goes back all the same, ms. */
const PATIENCE_MS = 5 * 60_000;

interface Due {
  paymentId: string;
  orderId: string;
  close: boolean;
  overdue: boolean;
  since: number;
}

/**
 * Asks the gateway about unpaid online payments: now and then while they run, at their deadline, and for a day after it,
 * so that a lost webhook loses nothing. At the deadline it closes the payment first and releases the stock after:
 * closed too late means paid. A payment whose order no longer waits for it is closed too, so that nobody pays twice.
 */
export class Reconciler {
  readonly deadlines: DeadlineClock;
  private readonly store: Store;
  private readonly accounts: Accounts;
  private readonly settler: Settler;
  private readonly log: Logger;

  constructor(store: Store, accounts: Accounts, settler: Settler, log: Logger) {
    this.store = store;
    this.accounts = accounts;
    this.settler = settler;
    this.log = log;
    this.deadlines = new DeadlineClock({
      store,
      log,
      name: 'reconciliation',
      next: (shopId) => nextPaymentCheck(store, shopId),
      run: (shopId) => this.round(shopId),
    });
  }

  private async round(shopId: string): Promise<{ next: number | null; now: number }> {
    for (;;) {
      const step = await this.store.run(scripts.paymentsDue, shopId, [String(STEP)]);
      const { payments, notices, next, now } = step;
      await Promise.all([
        ...payments.map((due) => this.check(shopId, due, now)),
        ...notices.map((notice) => this.settler.resume(shopId, notice)),
      ]);
      if (payments.length < STEP && notices.length < STEP) return { next, now };
    }
  }

  /** What fails here is tried again: the payment's next turn is already set. */
  private async check(shopId: string, due: Due, now: number): Promise<void> {
    const { paymentId, orderId } = due;
    try {
      const gateway = await this.accounts.ofPayment(paymentId);
      const status = due.close ? await gateway.close(paymentId) : await gateway.status(paymentId);
      const source = due.overdue ? 'close' : 'poll';
      const order = status && (await this.settler.take(shopId, paymentId, status, source));
      const isUnpaid = !order || order.status === 'awaiting_payment';
      if (due.overdue && isUnpaid) await this.expire(shopId, orderId);
      else if (status) await this.settler.fail(shopId, paymentId, status);
    } catch (error) {
      if (error instanceof GatewayUnclear) {
        await this.settler.keepUnclear(shopId, { paymentId, source: 'poll' }, error);
      }
      this.log.warn({ shopId, paymentId, error: String(error) }, 'the gateway did not say');
      if (due.overdue && now - due.since > PATIENCE_MS) await this.expire(shopId, orderId);
    }
  }

  private async expire(shopId: string, orderId: string): Promise<void> {
    await this.store.run(scripts.orderEnd, shopId, [orderId, 'deadline', '']);
  }
}
