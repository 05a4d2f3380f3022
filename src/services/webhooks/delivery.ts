import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
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

/** How often it is looked for webhooks that nobody follows, ms. */
const LOOK_EVERY_MS = 1_000;

/**
 * Follows the webhooks of all shops, each on one server at a time. There is no queue beside the event stream: a queue would
 * have to be filled from it by a follower with a durable place all the same, and would know nothing of what must come in order.
 */
export class WebhookDeliveries {
  private readonly options: DeliveryOptions;
  private readonly token = randomUUID();
  private readonly running = new Map<string, WebhookFollower>();
  private readonly bells = new Map<string, Promise<() => Promise<void>>>();
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private looking = false;

  constructor(options: DeliveryOptions) {
    this.options = options;
  }

  start(): void {
    this.timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.timer);
    this.stopping.abort();
  }

  private async look(): Promise<void> {
    if (this.looking || !this.options.store.isReady) return;
    this.looking = true;
    try {
      for (const shopId of await shopsWithWebhooks(this.options.store)) {
        for (const id of await webhookIds(this.options.store, shopId)) this.follow(shopId, id);
      }
    } catch (error) {
      this.options.log.warn({ error: String(error) }, 'could not look for webhooks; tried again');
    } finally {
      this.looking = false;
    }
  }

  private follow(shopId: string, webhookId: string): void {
    const name = `${shopId} ${webhookId}`;
    if (this.running.has(name) || this.stopping.signal.aborted) return;
    const { token } = this;
    const stopping = this.stopping.signal;
    const follower = new WebhookFollower({ ...this.options, token, stopping }, shopId, webhookId);
    this.running.set(name, follower);
    this.listen(shopId);
    follower
      .run()
      .catch((error: unknown) => {
        this.options.log.warn({ shopId, webhookId, error: String(error) }, 'webhook: tried again');
      })
      .finally(() => this.running.delete(name));
  }

  /** The shop's bell says that there may be something to tell. */
  private listen(shopId: string): void {
    if (this.bells.has(shopId)) return;
    const bell = this.options.store.onBell(shopId, () => {
      for (const [name, follower] of this.running)
        if (name.startsWith(`${shopId} `)) follower.ring();
    });
    this.bells.set(shopId, bell);
    bell.catch(() => this.bells.delete(shopId));
  }
}
