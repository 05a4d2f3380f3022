/** Signs tokens as the server on this machine does: with AUTH_SECRET, else with the secret kept beside its data. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * @param {{ role: string, sub: string, shop: string, name?: string | undefined, ttl: string }} claims
 * @returns {Promise<string>}
 */
export async function signToken({ role, sub, shop, name, ttl }) {
  // Named only now: the packages may have been installed a moment ago.
  const { createSigner } = await import('fast-jwt');
  const sign = createSigner({ key: authSecret(), algorithm: 'HS256', expiresIn: ttl });
  const { AUTH_ISSUER: iss, AUTH_AUDIENCE: aud } = process.env;
  // `own`: as good as what the server itself has given out, also where the shop signs by keys of its own.
  const of = { ...(iss ? { iss } : {}), ...(aud ? { aud } : {}), own: true };
  return sign({ sub, shop, role, ...(name === undefined ? {} : { name }), ...of });
}

/** AUTH_SECRET, else the one that local mode keeps with its data, made here if it is not there yet. */
function authSecret() {
  if (process.env.AUTH_SECRET) return process.env.AUTH_SECRET;
  const path = join(process.env.DATA_DIR || 'data', 'auth-secret');
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(path, randomBytes(48).toString('base64url'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  return readFileSync(path, 'utf8').trim();
}
