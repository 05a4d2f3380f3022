import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { Followers } from '../../store/followers.js';
import type { Store } from '../../store/store.js';
import { shopsWithWebhooks, webhookIds } from '../../store/webhooks.js';
import type { Sealing } from '../payments/sealing.js';
import { WebhookFollower } from './follower.js';

interface DeliveryOptions {
  store: Store;
  sealing: Sealing;
  allowPrivate: boolean;
  log: Logger;
}

/**
 * Follows the webhooks of all shops, each on one server at a time. There is no queue beside the event stream: a queue would
 * have to be filled from it by a follower with a durable place all the same, and would know nothing of what must come in order.
 */
export function webhookDeliveries(options: DeliveryOptions): Followers {
  const token = randomUUID();
  const { store, log } = options;
  return new Followers({
    store,
    log,
    name: 'webhook',
    find: () => allWebhooks(store),
    follow: (shopId, id, stopping) =>
      new WebhookFollower({ ...options, token, stopping }, shopId, id),
  });
}

async function allWebhooks(store: Store): Promise<{ shopId: string; id: string }[]> {
  const found: { shopId: string; id: string }[] = [];
  for (const shopId of await shopsWithWebhooks(store))
    for (const id of await webhookIds(store, shopId)) found.push({ shopId, id });
  return found;
}
