import type { Logger } from 'pino';
import { AppError } from '../../protocol/errors.js';
import type { PaymentGatewaySet, PaymentGatewayView } from '../../protocol/payment-gateway.js';
import {
  currentAccountId,
  readAccount,
  resealAccount,
  setAccount,
} from '../../store/gateway-accounts.js';
import { findPayment } from '../../store/payments.js';
import type { Store } from '../../store/store.js';
import { newId } from '../shops.js';
import {
  GatewayRefused,
  GatewayUnavailable,
  isGatewayError,
  newPaymentId,
  type PaymentGateway,
  QRIS_LIMITS,
} from './gateway.js';
import { MidtransGateway, paymentOfNotification } from './midtrans.js';
import type { Sealing } from './sealing.js';

const MIDTRANS_LIVE = 'https://api.midtrans.com';
const MIDTRANS_SANDBOX = 'https://api.sandbox.midtrans.com';
/** Gateways made from accounts, kept for the next payment; more are made again. */
const MOST_KEPT = 1_000;

export interface AccountsOptions {
  store: Store;
  /** The server's own, for shops that have none. */
  server: PaymentGateway;
  sealing: Sealing;
  /** Where gateways send their notices; undefined when they cannot reach it. */
  notificationUrl: string | undefined;
  /** Whether an account may be anywhere: for trying out, and for tests. */
  anyAddress: boolean;
  log: Logger;
}

/** A gateway with the account that it charges by; without an id, the server's. */
export interface Account {
  id: string | undefined;
  gateway: PaymentGateway;
}

/**
 * Whose gateway takes the money. New payments go to the shop's account of now; a payment stays with the account that it was
 * opened by, whatever the shop has set since. All functions throw `GatewayUnavailable` for an account whose key cannot be
 * read any more.
 */
export class Accounts {
  private readonly options: AccountsOptions;
  private readonly gateways = new Map<string, MidtransGateway>();

  constructor(options: AccountsOptions) {
    this.options = options;
  }

  /** For a new payment of the shop. */
  async current(shopId: string): Promise<Account> {
    const id = await currentAccountId(this.options.store, shopId);
    return { id, gateway: await this.gatewayOf(shopId, id) };
  }

  /** For a payment that was opened before. */
  async ofPayment(paymentId: string): Promise<PaymentGateway> {
    const payment = await findPayment(this.options.store, paymentId);
    return payment ? this.gatewayOf(payment.shopId, payment.accountId) : this.options.server;
  }

  /**
   * Whose key a notification must be signed with: that of the payment's account. One of no payment of ours is the server's
   * affair, or that of the shop whose address it was sent to.
   */
  async ofNotification(rawBody: Uint8Array, shopId?: string): Promise<PaymentGateway> {
    const paymentId = paymentOfNotification(rawBody);
    const payment = paymentId && (await findPayment(this.options.store, paymentId));
    if (payment) return this.gatewayOf(payment.shopId, payment.accountId);
    return shopId === undefined ? this.options.server : (await this.current(shopId)).gateway;
  }

  async view(shopId: string): Promise<PaymentGatewayView> {
    const { store, server } = this.options;
    const id = await currentAccountId(store, shopId);
    const record = id && (await readAccount(store, shopId, id));
    if (!id || !record) return { own: false, usable: true, ...abilitiesOf(server) };
    const gateway = await this.gatewayOf(shopId, id).catch((error: unknown) => {
      if (error instanceof GatewayUnavailable) return undefined;
      throw error;
    });
    const notificationUrl = this.notificationUrl(shopId);
    return {
      own: true,
      usable: gateway !== undefined,
      baseUrl: record.baseUrl,
      setAt: record.at,
      ...(notificationUrl && { notificationUrl }),
      ...(gateway
        ? abilitiesOf(gateway)
        : { provider: 'midtrans', limits: QRIS_LIMITS, refunds: true }),
    };
  }

  /** @throws VALIDATION for an address that is not Midtrans' own; FORBIDDEN when nothing can be sealed */
  async set(
    shopId: string,
    { serverKey, baseUrl }: PaymentGatewaySet,
  ): Promise<PaymentGatewayView> {
    const { store, sealing, anyAddress } = this.options;
    const address = baseUrl ?? (serverKey.startsWith('SB-') ? MIDTRANS_SANDBOX : MIDTRANS_LIVE);
    if (!anyAddress && ![MIDTRANS_LIVE, MIDTRANS_SANDBOX].includes(address.replace(/\/+$/, ''))) {
      throw new AppError('VALIDATION', {
        baseUrl: `must be ${MIDTRANS_LIVE} or ${MIDTRANS_SANDBOX}`,
      });
    }
    if (!sealing.canSeal) throw new AppError('FORBIDDEN', { server: 'has no AUTH_SECRET' });
    const id = newId('ga');
    const sealedKey = sealing.seal(serverKey, contextOf(shopId, id));
    await setAccount(store, shopId, { id, baseUrl: address, sealedKey });
    return this.view(shopId);
  }

  /** Whether the shop's account lets its key in: asked for a payment that nobody has. */
  async test(
    shopId: string,
  ): Promise<{ result: 'ok' | 'refused' | 'unreachable'; words?: string }> {
    try {
      const { gateway } = await this.current(shopId);
      await gateway.status(newPaymentId());
      return { result: 'ok' };
    } catch (error) {
      if (!isGatewayError(error)) throw error;
      const isRefused = error instanceof GatewayRefused;
      return { result: isRefused ? 'refused' : 'unreachable', words: error.message };
    }
  }

  async remove(shopId: string): Promise<PaymentGatewayView> {
    await setAccount(this.options.store, shopId);
    return this.view(shopId);
  }

  private async gatewayOf(shopId: string, accountId: string | undefined): Promise<PaymentGateway> {
    const { store, server } = this.options;
    if (accountId === undefined) return server;
    const kept = this.gateways.get(accountId);
    if (kept) return kept;
    const record = await readAccount(store, shopId, accountId);
    const serverKey = record && (await this.openKey(shopId, accountId, record.sealedKey));
    if (!serverKey) {
      this.options.log.error({ shopId, accountId }, 'the key of a shop’s gateway cannot be read');
      throw new GatewayUnavailable('the key of the shop’s gateway cannot be read; set it again');
    }
    const notificationUrl = this.notificationUrl(shopId);
    const gateway = new MidtransGateway({
      serverKey,
      baseUrl: record.baseUrl,
      ...(notificationUrl && { notificationUrl }),
    });
    if (this.gateways.size >= MOST_KEPT) this.gateways.clear();
    this.gateways.set(accountId, gateway);
    return gateway;
  }

  private async openKey(
    shopId: string,
    accountId: string,
    sealedKey: string,
  ): Promise<string | undefined> {
    const { store, sealing } = this.options;
    const context = contextOf(shopId, accountId);
    const opened = sealing.open(sealedKey, context);
    if (opened?.isStale) {
      await resealAccount(store, shopId, accountId, sealing.seal(opened.text, context));
    }
    return opened?.text;
  }

  /** With the shop in it, for notices that name no payment of ours, such as the dashboard's test. */
  private notificationUrl(shopId: string): string | undefined {
    const { notificationUrl } = this.options;
    return notificationUrl && `${notificationUrl}?shop=${shopId}`;
  }
}

function contextOf(shopId: string, accountId: string): string {
  return `${shopId} ${accountId}`;
}

function abilitiesOf({
  provider,
  limits,
  refund,
}: PaymentGateway): Pick<PaymentGatewayView, 'provider' | 'limits' | 'refunds'> {
  return { provider, limits, refunds: refund !== undefined };
}
