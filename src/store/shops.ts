import { z } from 'zod';
import { type Settings, type SettingsPatch, SettingsSchema } from '../protocol/settings.js';
import type { Setting } from '../protocol/settings-kinds.js';
import {
  nestSettings,
  SETTING_ENTRIES,
  type SettingValue,
  settingAt,
} from '../protocol/settings-table.js';
import { SHOPS_KEY, shopKey } from './keys.js';
import { scripts } from './scripts/index.js';
import type { Store } from './store.js';

/** The settings that are there as fields of the shop's settings hash: `order.ppnPercent` → `11`. Lists are JSON. */
function toFields(settings: SettingsPatch): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const { path } of SETTING_ENTRIES) {
    const value = settingAt(settings, path);
    if (value === undefined) continue;
    fields[path] = typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
  return fields;
}

function fromFields(fields: Record<string, string>): Settings {
  const values = SETTING_ENTRIES.map(({ path, setting }): [string, SettingValue] => {
    const stored = fields[path];
    return [path, stored === undefined ? setting.default : fromStored(setting, stored)];
  });
  return SettingsSchema.parse(nestSettings(values));
}

function fromStored({ type }: Setting, stored: string): SettingValue {
  if (type === 'number') return Number(stored);
  if (type === 'flag') return stored === 'true';
  return type === 'list' ? JSON.parse(stored) : stored;
}

/** Makes the shop if it is new. */
export async function openShop(store: Store, shopId: string): Promise<void> {
  const now = await store.clockAt(SHOPS_KEY);
  await store.read((redis) =>
    redis.zAdd(SHOPS_KEY, { score: now, value: shopId }, { condition: 'NX' }),
  );
  await store.run(scripts.shopOpen, shopId, [shopId]);
}

/** Every shop of this installation. */
export function allShops(store: Store): Promise<string[]> {
  return store.read((redis) => redis.zRange(SHOPS_KEY, 0, -1));
}

export async function hasShop(store: Store, shopId: string): Promise<boolean> {
  const [createdAt] = await store.read((redis) => redis.hmGet(shopKey(shopId), ['createdAt']));
  return createdAt != null;
}

export async function readSettings(store: Store, shopId: string): Promise<Settings> {
  return fromFields(await store.read((redis) => redis.hGetAll(`${shopKey(shopId)}:settings`)));
}

/** The whole patch takes effect at one moment. It must be validated before. */
export async function writeSettings(
  store: Store,
  shopId: string,
  patch: SettingsPatch,
): Promise<Settings> {
  const { settings } = await store.run(
    scripts.settingsSave,
    shopId,
    Object.entries(toFields(patch)).flat(),
  );
  return fromFields(settings);
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
