import express, { type Express, type Router } from 'express';
import type { Logger } from 'pino';
import { AppError } from '../../protocol/errors.js';
import { ShopIdSchema } from '../../protocol/ids.js';
import type { Accounts } from '../../services/payments/accounts.js';
import {
  BadNotification,
  BadSignature,
  isGatewayError,
  type PaymentGateway,
  type PaymentNotification,
} from '../../services/payments/gateway.js';
import type { SandboxGateway } from '../../services/payments/sandbox.js';
import type { Settler } from '../../services/payments/settler.js';

/** Where the word that money moved comes in. */
export interface PaymentsIn {
  accounts: Accounts;
  settler: Settler;
  /** Only with PAYMENTS=sandbox. */
  sandbox: SandboxGateway | undefined;
}

/** A notification is a few hundred bytes. */
const NOTIFICATION_LIMIT = '32kb';

/**
 * Notifications of the gateway, verified on the raw body with the key of the account that they are about. Anything but 200
 * makes the gateway send it again.
 */
export function noticeRoutes(router: Router, { accounts, settler }: PaymentsIn, log: Logger): void {
  const readBody = express.raw({ type: () => true, limit: NOTIFICATION_LIMIT });
  router.post('/webhooks/midtrans', readBody, async (request, response) => {
    const body: unknown = request.body;
    const raw = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
    const shop = ShopIdSchema.safeParse(request.query.shop);
    const gateway = await accounts.ofNotification(raw, shop.data).catch(rethrow);
    if (gateway.provider !== 'midtrans') throw new AppError('NOT_FOUND');
    const notification = parse(gateway, raw, log);
    await settler.onNotification(notification, 'webhook').catch(rethrow);
    response.json({ ok: true });
  });
}

function parse(gateway: PaymentGateway, body: Buffer, log: Logger): PaymentNotification {
  try {
    return gateway.parseNotification(body);
  } catch (error) {
    if (error instanceof BadSignature) {
      log.warn({ error: error.message }, 'a notification with a bad signature');
      throw new AppError('UNAUTHENTICATED', { signature: 'is not the gateway’s' });
    }
    if (error instanceof BadNotification) throw new AppError('VALIDATION', { body: error.message });
    throw error;
  }
}

/** The customer's banking app of the sandbox: pays a QRIS payment, also one that has expired. */
export function sandboxRoutes(app: Express, { sandbox, settler }: PaymentsIn): void {
  if (!sandbox) return;
  app.post('/sandbox/qris/:paymentId/pay', async (request, response) => {
    const { paymentId } = request.params;
    if (!/^[\w-]{1,64}$/.test(paymentId) || !(await sandbox.pay(paymentId))) {
      throw new AppError('NOT_FOUND');
    }
    await settler.onNotification({ paymentId, description: 'paid' }, 'sandbox').catch(rethrow);
    response.json({ ok: true, payment: { paymentId, status: 'paid' } });
  });
}

/** The gateway that cannot confirm its own notice is asked again by its next try. */
function rethrow(error: unknown): never {
  if (isGatewayError(error)) throw new AppError('PAYMENT_UNAVAILABLE');
  throw error;
}
