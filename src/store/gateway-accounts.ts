import { z } from 'zod';
import { shopKey } from './keys.js';
import { scripts } from './scripts/index.js';
import type { Store } from './store.js';

const AccountRecord = z.object({
  baseUrl: z.string(),
  /** The server key, sealed. */
  sealedKey: z.string(),
  at: z.number(),
});
export type AccountRecord = z.infer<typeof AccountRecord>;

/** Id of the account that takes the shop's payments now; undefined for the server's. */
export async function currentAccountId(store: Store, shopId: string): Promise<string | undefined> {
  const [id] = await store.read((redis) => redis.hmGet(`${shopKey(shopId)}:gateways`, ['current']));
  return id || undefined;
}

/** An account of the shop's own, now or formerly. */
export async function readAccount(
  store: Store,
  shopId: string,
  accountId: string,
): Promise<AccountRecord | undefined> {
  const key = `${shopKey(shopId)}:gateways`;
  const [record] = await store.read((redis) => redis.hmGet(key, [accountId]));
  return record ? AccountRecord.parse(JSON.parse(record)) : undefined;
}

/** Takes payments by this account from now on; without one, by the server's. */
export async function setAccount(
  store: Store,
  shopId: string,
  account?: { id: string; baseUrl: string; sealedKey: string },
): Promise<void> {
  const { id = '', baseUrl = '', sealedKey = '' } = account ?? {};
  await store.run(scripts.gatewaySet, shopId, [id, baseUrl, sealedKey]);
}

/** Of the same account, sealed again. */
export async function resealAccount(
  store: Store,
  shopId: string,
  accountId: string,
  sealedKey: string,
): Promise<void> {
  await store.run(scripts.gatewayReseal, shopId, [accountId, sealedKey]);
}
