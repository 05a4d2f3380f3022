import { randomBytes } from 'node:crypto';
import { AppError } from '../../protocol/errors.js';
import type { Page, PageQuery } from '../../protocol/http.js';
import { PUBLIC_EVENT_TYPES } from '../../protocol/public-event-types.js';
import type {
  Webhook,
  WebhookCreate,
  WebhookDelivery,
  WebhookPatch,
} from '../../protocol/webhook.js';
import type { Store } from '../../store/store.js';
import {
  type KeptSecret,
  pageDeliveries,
  readWebhook,
  saveWebhook,
  type WebhookRecord,
  webhookIds,
} from '../../store/webhooks.js';
import type { Sealing } from '../payments/sealing.js';
import { newId } from '../shops.js';

/** After a new secret was made the old one signs for so long, too, ms. */
const OLD_SECRET_MS = 86_400_000;

/** The context that a secret is encrypted in: it opens nowhere else. */
export function secretContext(shopId: string, webhookId: string): string {
  return `webhook ${shopId} ${webhookId}`;
}

/** The shop's webhooks, as their owner keeps them. */
export class Webhooks {
  private readonly store: Store;
  private readonly sealing: Sealing;

  constructor(store: Store, sealing: Sealing) {
    this.store = store;
    this.sealing = sealing;
  }

  async list(shopId: string): Promise<Page<Webhook>> {
    const ids = await webhookIds(this.store, shopId);
    const records = await Promise.all(ids.map((id) => readWebhook(this.store, shopId, id)));
    const items = ids.flatMap((id, i) => (records[i] ? [shown(id, records[i])] : []));
    return { items, nextCursor: null };
  }

  /** @throws FORBIDDEN without a secret to seal with */
  async create(
    shopId: string,
    { url, types = [...PUBLIC_EVENT_TYPES] }: WebhookCreate,
  ): Promise<Webhook & { secret: string }> {
    const webhookId = newId('wh');
    const { secret, kept } = this.newSecret(shopId, webhookId);
    const fields = { url, types: JSON.stringify(types), secrets: JSON.stringify([kept]) };
    await saveWebhook(this.store, shopId, webhookId, 'create', fields);
    return { ...(await this.one(shopId, webhookId)), secret };
  }

  /** @throws NOT_FOUND */
  async patch(
    shopId: string,
    webhookId: string,
    { url, types, status, rotateSecret }: WebhookPatch,
  ): Promise<Webhook & { secret?: string }> {
    const { secrets } = await this.record(shopId, webhookId);
    const made = rotateSecret && this.newSecret(shopId, webhookId);
    const endsAt = (await this.store.clock(shopId)) + OLD_SECRET_MS;
    const old = secrets.slice(0, 1).map((secret) => ({ ...secret, endsAt }));
    await saveWebhook(this.store, shopId, webhookId, 'patch', {
      ...(url !== undefined && { url }),
      ...(types && { types: JSON.stringify(types) }),
      ...(status && { status, reason: null, failingSince: null }),
      ...(made && { secrets: JSON.stringify([made.kept, ...old]) }),
    });
    return { ...(await this.one(shopId, webhookId)), ...(made && { secret: made.secret }) };
  }

  /** @throws NOT_FOUND */
  remove(shopId: string, webhookId: string): Promise<void> {
    return saveWebhook(this.store, shopId, webhookId, 'delete');
  }

  /** @throws NOT_FOUND */
  async deliveries(
    shopId: string,
    webhookId: string,
    query: PageQuery,
  ): Promise<Page<WebhookDelivery>> {
    await this.record(shopId, webhookId);
    return pageDeliveries(this.store, shopId, webhookId, query);
  }

  /** Goes on after the entry that the event is of. @throws NOT_FOUND */
  async replay(shopId: string, webhookId: string, after: string): Promise<Webhook> {
    const cursor = after.split('-').slice(0, 2).join('-');
    const fields = { cursor, status: 'active', reason: null, failingSince: null };
    await saveWebhook(this.store, shopId, webhookId, 'patch', fields);
    return this.one(shopId, webhookId);
  }

  private newSecret(shopId: string, webhookId: string): { secret: string; kept: KeptSecret } {
    if (!this.sealing.canSeal)
      throw new AppError('FORBIDDEN', { webhooks: 'need AUTH_SECRET on the server' });
    const secret = `whsec_${randomBytes(24).toString('base64')}`;
    return {
      secret,
      kept: { sealed: this.sealing.seal(secret, secretContext(shopId, webhookId)) },
    };
  }

  private async one(shopId: string, webhookId: string): Promise<Webhook> {
    return shown(webhookId, await this.record(shopId, webhookId));
  }

  private async record(shopId: string, webhookId: string): Promise<WebhookRecord> {
    const record = await readWebhook(this.store, shopId, webhookId);
    if (!record) throw new AppError('NOT_FOUND');
    return record;
  }
}

function shown(webhookId: string, record: WebhookRecord): Webhook {
  const { url, types, status, reason, failingSince, createdAt } = record;
  return { webhookId, url, types, status, reason, failingSince, createdAt };
}
