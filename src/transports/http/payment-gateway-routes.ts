import type { Router } from 'express';
import { PAYMENT_GATEWAY_ENDPOINTS } from '../../protocol/endpoints-payment-gateway.js';
import type { Accounts } from '../../services/payments/accounts.js';
import { type Gate, serve } from './routes.js';

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
