import express, { type Express, type Router } from 'express';
import type { Logger } from 'pino';
import { AppError } from '../../protocol/errors.js';
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
  gateway: PaymentGateway;
  settler: Settler;
  /** Only with PAYMENTS=sandbox. */
  sandbox: SandboxGateway | undefined;
}

/** A notification is a few hundred bytes. */
const NOTIFICATION_LIMIT = '32kb';

/** Notifications of the gateway, verified on the raw body. Anything but 200 makes the gateway send it again. */
export function webhookRoutes(router: Router, { gateway, settler }: PaymentsIn, log: Logger): void {
  const raw = express.raw({ type: () => true, limit: NOTIFICATION_LIMIT });
  router.post('/webhooks/midtrans', raw, async (request, response) => {
    if (gateway.provider !== 'midtrans') throw new AppError('NOT_FOUND');
    const body: unknown = request.body;
    const notification = parse(gateway, Buffer.isBuffer(body) ? body : Buffer.alloc(0), log);
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
