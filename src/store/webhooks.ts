import { z } from 'zod';
import type { Page, PageQuery } from '../protocol/http.js';
import { type WebhookDelivery, WebhookDeliverySchema, WebhookSchema } from '../protocol/webhook.js';
import { shopKey, WEBHOOK_SHOPS_KEY } from './keys.js';
import { jsonRows, pageList } from './paging.js';
import { scripts } from './scripts/index.js';
import type { Store } from './store.js';

/** Of a shop, at once. */
const MOST = 10;

const json = <Schema extends z.ZodType>(schema: Schema) =>
  z.string().transform((text) => schema.parse(JSON.parse(text)) as z.output<Schema>);

/** A secret as it is kept; one of before signs until it ends. */
const SecretSchema = z.object({ sealed: z.string(), endsAt: z.int().optional() });
export type KeptSecret = z.infer<typeof SecretSchema>;

const RecordSchema = z.object({
  url: z.string(),
  types: json(WebhookSchema.shape.types),
  secrets: json(z.array(SecretSchema)),
  status: WebhookSchema.shape.status,
  reason: z.string().optional(),
  createdAt: z.coerce.number(),
  cursor: z.string(),
  failingSince: z.coerce.number().optional(),
  version: z.string(),
});
/** A webhook as it is kept: the newest secret first; `cursor` is the last entry of the stream that is delivered. */
export type WebhookRecord = z.infer<typeof RecordSchema>;

/** Fields to be written; null takes one away. */
type Fields = Record<string, string | null>;

function keyOf(shopId: string, webhookId: string): string {
  return `${shopKey(shopId)}:webhook:${webhookId}`;
}

/** @throws NOT_FOUND; VALIDATION when the shop has as many as it may */
export async function saveWebhook(
  store: Store,
  shopId: string,
  webhookId: string,
  mode: 'create' | 'patch' | 'delete',
  fields: Fields = {},
): Promise<void> {
  const args = [webhookId, mode, JSON.stringify(fields), String(MOST)];
  // Before there is one, so that every server finds it.
  if (mode === 'create') {
    const now = await store.clockAt(WEBHOOK_SHOPS_KEY);
    await store.read((redis) => redis.zAdd(WEBHOOK_SHOPS_KEY, { score: now, value: shopId }));
  }
  await store.run(scripts.webhookSave, shopId, args);
}

export async function readWebhook(
  store: Store,
  shopId: string,
  webhookId: string,
): Promise<WebhookRecord | undefined> {
  const fields = await store.read((redis) => redis.hGetAll(keyOf(shopId, webhookId)));
  return RecordSchema.safeParse(fields).data;
}

/** Newest first. */
export function webhookIds(store: Store, shopId: string): Promise<string[]> {
  return store.read((redis) => redis.zRange(`${shopKey(shopId)}:webhooks`, 0, -1, { REV: true }));
}

/** Shops that have, or had, webhooks. */
export function shopsWithWebhooks(store: Store): Promise<string[]> {
  return store.read((redis) => redis.zRange(WEBHOOK_SHOPS_KEY, 0, -1));
}

export function pageDeliveries(
  store: Store,
  shopId: string,
  webhookId: string,
  query: PageQuery,
): Promise<Page<WebhookDelivery>> {
  const key = `${keyOf(shopId, webhookId)}:deliveries`;
  return pageList(store, key, query, jsonRows(WebhookDeliverySchema));
}

/** How far deliveries have come. */
export interface Progress {
  /** The version that it goes by: nothing is written when the webhook was changed meanwhile. */
  version: string;
  fields: Fields;
  deliveries: WebhookDelivery[];
}

/** The lease of a webhook for a while, taken or renewed; undefined when another server has it, or the webhook is gone. */
export async function holdWebhook(
  store: Store,
  shopId: string,
  webhookId: string,
  lease: { token: string; ms: number },
  { version = '', fields = {}, deliveries = [] }: Partial<Progress> = {},
): Promise<{ now: number; record: WebhookRecord } | undefined> {
  const lines = deliveries.map((delivery) => JSON.stringify(delivery));
  const written = [version, JSON.stringify(fields), JSON.stringify(lines)];
  const args = [webhookId, lease.token, String(lease.ms), ...written];
  const reply = await store.run(scripts.webhookStep, shopId, args);
  if (!reply.mine) return undefined;
  const record = RecordSchema.safeParse(reply.state).data;
  return record && { now: reply.now, record };
}
