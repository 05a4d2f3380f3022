import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const VERSION = 'v1';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Keeps short secrets in Redis so that whoever reads Redis alone cannot use them: AES-256-GCM under a key that HKDF derives
 * from `AUTH_SECRET`. What is sealed opens only in the context that it was sealed in, so a record moved to another shop is
 * worth nothing. With the secret of before at hand, what it sealed still opens.
 */
export class Sealing {
  readonly #keys: Buffer[];

  /** @param secrets the one to seal with, and then those that may open; none: nothing can be sealed */
  constructor(secrets: string[]) {
    this.#keys = secrets.map(keyFrom);
  }

  get canSeal(): boolean {
    return this.#keys.length > 0;
  }

  seal(text: string, context: string): string {
    const [key] = this.#keys;
    if (!key) throw new Error('there is no secret to seal with');
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(context));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return `${VERSION}.${Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url')}`;
  }

  /** Undefined when none of the secrets opens it. `isStale`: sealed with a secret of before. */
  open(sealed: string, context: string): { text: string; isStale: boolean } | undefined {
    const [version, encoded = ''] = sealed.split('.');
    if (version !== VERSION) return undefined;
    const bytes = Buffer.from(encoded, 'base64url');
    for (const [i, key] of this.#keys.entries()) {
      const text = openWith(key, bytes, context);
      if (text !== undefined) return { text, isStale: i > 0 };
    }
    return undefined;
  }
}

function keyFrom(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `livehold sealing ${VERSION}`, 32));
}

function openWith(key: Buffer, bytes: Buffer, context: string): string | undefined {
  try {
    const iv = bytes.subarray(0, IV_BYTES);
    const tag = bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(context)).setAuthTag(tag);
    const text = [decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()];
    return Buffer.concat(text).toString('utf8');
  } catch {
    return undefined;
  }
}
