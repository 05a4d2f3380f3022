import { createHash } from 'node:crypto';
import { PHOTOS_MAX_BYTES } from '../protocol/endpoints-photos.js';
import { shopKey } from './keys.js';
import { scripts } from './scripts/index.js';
import type { Store } from './store.js';

/**
 * Keeps a picture beside the shop's other data, so that every server has it and a backup holds it.
 * @param extension of the file's type
 * @returns its name: the same for the same picture
 * @throws VALIDATION when the shop has no room for more
 */
export async function keepPhoto(
  store: Store,
  shopId: string,
  content: Buffer,
  extension: string,
): Promise<string> {
  const digest = createHash('sha256').update(content).digest('base64url').slice(0, 24);
  const name = `${digest}.${extension}`;
  const sizes = [String(content.length), String(PHOTOS_MAX_BYTES)];
  await store.run(scripts.photoKeep, shopId, [name, content.toString('base64'), ...sizes]);
  return name;
}

export async function readPhoto(
  store: Store,
  shopId: string,
  name: string,
): Promise<Buffer | undefined> {
  const text = await store.read((redis) => redis.get(`${shopKey(shopId)}:photo:${name}`));
  return text === null ? undefined : Buffer.from(text, 'base64');
}
