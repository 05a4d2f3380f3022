import type { Logger } from 'pino';
import type { Config } from '../../config.js';
import type { Metrics } from '../../metrics.js';
import type { Store } from '../../store/store.js';
import type { DeadlineClock } from '../deadlines/deadline-clock.js';
import { Accounts } from './accounts.js';
import { MidtransGateway } from './midtrans.js';
import { Reconciler } from './reconciler.js';
import { SandboxGateway } from './sandbox.js';
import type { Sealing } from './sealing.js';
import { Settler } from './settler.js';

export interface PaymentsOptions {
  store: Store;
  config: Pick<Config, 'payments' | 'publicUrl' | 'production'>;
  sealing: Sealing;
  metrics: Metrics;
  log: Logger;
}

/** What takes money and follows it. */
export interface Payments {
  accounts: Accounts;
  settler: Settler;
  reconciler: DeadlineClock;
  /** Only with PAYMENTS=sandbox. */
  sandbox: SandboxGateway | undefined;
}

function createMidtrans(
  payments: Config['payments'],
  notificationUrl: string | undefined,
): MidtransGateway {
  if (payments.provider !== 'midtrans') throw new Error('payments are not set to midtrans');
  const { serverKey, baseUrl } = payments;
  return new MidtransGateway({ serverKey, baseUrl, ...(notificationUrl && { notificationUrl }) });
}

/** Puts the payments together, by the gateway that the configuration names. */
export function createPayments({
  store,
  config,
  sealing,
  metrics,
  log,
}: PaymentsOptions): Payments {
  const { payments, publicUrl, production } = config;
  // Midtrans can reach only a public address.
  const notificationUrl = publicUrl?.startsWith('https:')
    ? `${publicUrl}/api/v1/webhooks/midtrans`
    : undefined;
  const sandbox =
    payments.provider === 'sandbox' ? new SandboxGateway(store, payments.qrisMinutes) : undefined;
  const accounts = new Accounts({
    store,
    server: sandbox ?? createMidtrans(payments, notificationUrl),
    sealing,
    notificationUrl,
    anyAddress: !production,
    log,
  });
  const settler = new Settler(store, accounts, metrics, log);
  const reconciler = new Reconciler(store, accounts, settler, log).deadlines;
  return { accounts, settler, reconciler, sandbox };
}
