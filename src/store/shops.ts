import { z } from 'zod';
import { DEFAULT_SETTINGS } from '../protocol/default-settings.js';
import { type Settings, type SettingsPatch, SettingsSchema } from '../protocol/settings.js';
import { SHOPS_KEY, shopKey } from './keys.js';
import { scripts } from './scripts.js';
import type { Store } from './store.js';

/** `{ order: { ppnPercent: 11 } }` as the flat fields of the settings hash: `order.ppnPercent` → `11`. */
function flatten(settings: Settings | SettingsPatch): string[] {
  return Object.entries(settings).flatMap(([section, fields]) =>
    Object.entries(fields ?? {}).flatMap(([name, value]) => [`${section}.${name}`, String(value)]),
  );
}

function unflatten(fields: Record<string, string>): Settings {
  const section = (name: keyof Settings) =>
    Object.fromEntries(
      Object.entries(DEFAULT_SETTINGS[name]).map(([field, standard]) => {
        const stored = fields[`${name}.${field}`];
        if (stored === undefined) return [field, standard];
        return [field, typeof standard === 'number' ? Number(stored) : stored];
      }),
    );
  return SettingsSchema.parse({
    order: section('order'),
    booking: section('booking'),
    socialMedia: section('socialMedia'),
    marketplace: section('marketplace'),
  });
}

/** Makes the shop if it is new; its settings then hold every default. */
export async function openShop(store: Store, shopId: string): Promise<void> {
  await store.read((redis) =>
    redis.zAdd(SHOPS_KEY, { score: Date.now(), value: shopId }, { condition: 'NX' }),
  );
  await store.run(scripts.shopOpen, shopId, [shopId, ...flatten(DEFAULT_SETTINGS)]);
}

export async function readSettings(store: Store, shopId: string): Promise<Settings> {
  return unflatten(await store.read((redis) => redis.hGetAll(`${shopKey(shopId)}:settings`)));
}

/** One HSET, so the whole patch takes effect at one moment. It must be validated before. */
export async function writeSettings(
  store: Store,
  shopId: string,
  patch: SettingsPatch,
): Promise<Settings> {
  const fields = flatten(patch);
  if (fields.length > 0)
    await store.read((redis) => redis.hSet(`${shopKey(shopId)}:settings`, pairs(fields)));
  return readSettings(store, shopId);
}

function pairs(list: string[]): Record<string, string> {
  const record: Record<string, string> = {};
  for (let i = 0; i < list.length; i += 2) record[list[i] as string] = list[i + 1] as string;
  return record;
}

const ShopRecord = z.object({ name: z.string(), createdAt: z.coerce.number() });

/** The shop's name, or undefined when there is no such shop. */
export async function readShopName(store: Store, shopId: string): Promise<string | undefined> {
  const found = ShopRecord.safeParse(await store.read((redis) => redis.hGetAll(shopKey(shopId))));
  return found.success ? found.data.name : undefined;
}

export async function writeShopName(store: Store, shopId: string, name: string): Promise<void> {
  await store.read((redis) => redis.hSet(shopKey(shopId), 'name', name));
}
