import { setTimeout as delay } from 'node:timers/promises';
import { Webhook as Signer } from 'standardwebhooks';
import type { PublicEvent, WebhookDelivery } from '../../protocol/webhook.js';
import { readEntries, type StreamEntry } from '../../store/events.js';
import { orderKeyOf, publicEventsOf } from '../../store/public-events.js';
import type { Store } from '../../store/store.js';
import { holdWebhook, type Progress, type WebhookRecord } from '../../store/webhooks.js';
import type { Sealing } from '../payments/sealing.js';
import { RedisClock } from '../redis-clock.js';
import { post } from './post.js';
import { secretContext } from './webhooks.js';

export interface FollowerOptions {
  store: Store;
  sealing: Sealing;
  allowPrivate: boolean;
  /** Names this server among those that may hold the lease. */
  token: string;
  /** Ends all waiting when the server stops. */
  stopping: AbortSignal;
}

/** A server that died holds the lease for so long, ms. */
const LEASE_MS = 4_000;
const RENEW_EVERY_MS = 1_300;
/** Entries of the stream that are looked at together. */
const ENTRIES = 100;
/** Orders that are delivered at the same time. */
const AT_ONCE = 8;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 3_600_000;
const GIVE_UP_MS = 3 * 86_400_000;

/**
 * Delivers the events of a shop to one webhook, for as long as it has the lease. Its place in the event stream is kept in
 * Redis, so a backlog costs nothing more, and another server goes on where this one stopped; what was under way then is sent
 * again. Of one order each event waits for the one before; of those that fail only they are tried again, and the place stays
 * before the first of them.
 */
export class WebhookFollower {
  private readonly options: FollowerOptions;
  private readonly shopId: string;
  private readonly webhookId: string;
  private readonly clock = new RedisClock();
  private wake: () => void = () => {};

  constructor(options: FollowerOptions, shopId: string, webhookId: string) {
    this.options = options;
    this.shopId = shopId;
    this.webhookId = webhookId;
  }

  /** There may be new events. */
  ring(): void {
    this.wake();
  }

  /** Resolves when another server has the lease, or the webhook is off or gone. */
  async run(): Promise<void> {
    const { stopping } = this.options;
    let record = await this.hold();
    while (record?.status === 'active' && !stopping.aborted) {
      const entries = await readEntries(this.options.store, this.shopId, record.cursor, ENTRIES);
      record =
        entries.length === 0 ? await this.idle() : await this.deliverEntries(entries, record);
    }
  }

  private async hold(progress?: Progress): Promise<WebhookRecord | undefined> {
    const { store, token } = this.options;
    const lease = { token, ms: LEASE_MS };
    const held = await holdWebhook(store, this.shopId, this.webhookId, lease, progress);
    if (held) this.clock.read(held.now);
    return held?.record;
  }

  /** Redis's, for receivers refuse what is signed with a time that is off. */
  private get now(): number {
    return Math.round(this.clock.now() ?? 0);
  }

  private async idle(): Promise<WebhookRecord | undefined> {
    const bell = new Promise<void>((resolve) => {
      this.wake = resolve;
    });
    await Promise.race([bell, this.pause(RENEW_EVERY_MS)]);
    return this.hold();
  }

  /** Until each event is delivered; it stops when the webhook is changed, whose record is then the answer. */
  private async deliverEntries(
    entries: StreamEntry[],
    begun: WebhookRecord,
  ): Promise<WebhookRecord | undefined> {
    let record: WebhookRecord | undefined = begun;
    let left = entries.flatMap(publicEventsOf).filter(({ type }) => begun.types.includes(type));
    for (let attempt = 0; ; attempt++) {
      const { failed, deliveries } = await this.round(left, record);
      // A receiver that has accepted one is not down.
      if (deliveries.some(({ ok }) => ok)) attempt = 0;
      left = failed;
      record = await this.note(entries, left, record, deliveries);
      if (left.length === 0 || !goesOn(record, begun)) return record;
      record = await this.waitToRetry(attempt, begun);
      if (!record || !goesOn(record, begun)) return record;
    }
  }

  /** Writes how far it has come; past three days of failing the webhook is switched off. */
  private note(
    entries: StreamEntry[],
    left: PublicEvent[],
    { version, cursor: before, failingSince }: WebhookRecord,
    deliveries: WebhookDelivery[],
  ): Promise<WebhookRecord | undefined> {
    const first = entries.findIndex(({ id }) => left.some((event) => isOf(event, id)));
    const cursor = (first < 0 ? entries.at(-1) : entries[first - 1])?.id ?? before;
    const { now } = this;
    const since = cursor === before ? (failingSince ?? now) : now;
    const isOver = now - since > GIVE_UP_MS;
    const fields = {
      cursor,
      failingSince: left.length === 0 ? null : String(since),
      ...(isOver && left.length > 0 && { status: 'off', reason: 'failed for three days' }),
    };
    return this.hold({ version, fields, deliveries });
  }

  private async waitToRetry(
    attempt: number,
    begun: WebhookRecord,
  ): Promise<WebhookRecord | undefined> {
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(attempt, 20));
    const until = performance.now() + pause * (0.75 + Math.random() / 2);
    for (;;) {
      const left = until - performance.now();
      await this.pause(Math.max(0, Math.min(left, RENEW_EVERY_MS)));
      const record = await this.hold();
      const isOver = left <= RENEW_EVERY_MS || this.options.stopping.aborted;
      if (isOver || !goesOn(record, begun)) return record;
    }
  }

  /** Each event once, in the order of each key; those behind one that failed are not tried. */
  private async round(
    events: PublicEvent[],
    record: WebhookRecord,
  ): Promise<{ failed: PublicEvent[]; deliveries: WebhookDelivery[] }> {
    const lanes = lanesOf(events);
    const failed = new Set<PublicEvent>();
    const deliveries: WebhookDelivery[] = [];
    const renewing = setInterval(() => void this.hold().catch(() => {}), RENEW_EVERY_MS);
    const work = async () => {
      for (let lane = lanes.shift(); lane; lane = lanes.shift()) {
        for (const [i, event] of lane.entries()) {
          const delivery = this.options.stopping.aborted
            ? undefined
            : await this.deliver(event, record);
          if (delivery) deliveries.push(delivery);
          if (delivery?.ok) continue;
          for (const behind of lane.slice(i)) failed.add(behind);
          break;
        }
      }
    };
    try {
      await Promise.all(Array.from({ length: AT_ONCE }, work));
    } finally {
      clearInterval(renewing);
    }
    return { failed: events.filter((event) => failed.has(event)), deliveries };
  }

  private async deliver(event: PublicEvent, record: WebhookRecord): Promise<WebhookDelivery> {
    const begun = this.now;
    const sentAt = new Date(begun);
    const { id, type, at, data } = event;
    const body = JSON.stringify({ type, timestamp: new Date(at).toISOString(), id, at, data });
    const signatures = this.secretsOf(record).map((secret) =>
      new Signer(secret).sign(id, sentAt, body),
    );
    const headers = {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'user-agent': 'Livehold',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(begun / 1_000)),
      'webhook-signature': signatures.join(' '),
    };
    const answer =
      signatures.length === 0
        ? { error: 'its secret cannot be opened: make a new one' }
        : await post(new URL(record.url), headers, body, this.options.allowPrivate);
    const { status = 0 } = answer as { status?: number };
    const ok = status >= 200 && status < 300;
    return { eventId: id, type, at: begun, ok, ...answer, tookMs: this.now - begun };
  }

  private secretsOf({ secrets }: WebhookRecord): string[] {
    const { now } = this;
    const context = secretContext(this.shopId, this.webhookId);
    return secrets.flatMap(({ sealed, endsAt = now + 1 }) => {
      const opened = endsAt > now ? this.options.sealing.open(sealed, context) : undefined;
      return opened ? [opened.text] : [];
    });
  }

  private pause(ms: number): Promise<void> {
    const { stopping: signal } = this.options;
    return delay(ms, undefined, { signal, ref: false }).catch(() => {});
  }
}

/** Events grouped by what must stay in order. */
function lanesOf(events: PublicEvent[]): PublicEvent[][] {
  const lanes = new Map<string, PublicEvent[]>();
  for (const event of events) {
    const key = orderKeyOf(event);
    const lane = lanes.get(key);
    if (lane) lane.push(event);
    else lanes.set(key, [event]);
  }
  return [...lanes.values()];
}

function isOf(event: PublicEvent, entryId: string): boolean {
  return event.id.startsWith(`${entryId}-`);
}

function goesOn(record: WebhookRecord | undefined, begun: WebhookRecord): record is WebhookRecord {
  return record?.version === begun.version && record.status === 'active';
}
