import express, { type Express, type Router } from 'express';
import type { Logger } from 'pino';
import { PAYMENT_GATEWAY_ENDPOINTS } from '../../protocol/endpoints-payment-gateway.js';
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
import type { Payments } from '../../services/payments/payments.js';
import { type Gate, serve } from './routes.js';

/** A notification is a few hundred bytes. */
const NOTIFICATION_LIMIT = '32kb';

/**
 * Notifications of the gateway, verified on the raw body with the key of the account that they are about. Anything but 200
 * makes the gateway send it again.
 */
export function noticeRoutes(router: Router, { accounts, settler }: Payments, log: Logger): void {
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
export function sandboxRoutes(app: Express, { sandbox, settler }: Payments): void {
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

/** The account that takes a shop's QRIS payments. */
export function paymentGatewayRoutes(router: Router, gate: Gate, accounts: Accounts): void {
  serve(router, gate, PAYMENT_GATEWAY_ENDPOINTS, {
    'GET /payment-gateway': async ({ identity }) => ({
      paymentGateway: await accounts.view(identity.shopId),
    }),
    'PUT /payment-gateway': async ({ identity, body }) => ({
      paymentGateway: await accounts.set(identity.shopId, body),
    }),
    'POST /payment-gateway/test': ({ identity }) => accounts.test(identity.shopId),
    'DELETE /payment-gateway': async ({ identity }) => ({
      paymentGateway: await accounts.remove(identity.shopId),
    }),
  });
}
