/** Signs tokens as the server on this machine does: with AUTH_SECRET, else with the secret kept beside its data. */
import { mkdirSync } from 'node:fs';

/**
 * @param {{ role: string, sub: string, shop: string, name?: string | undefined, ttl: string }} claims
 * @returns {Promise<string>}
 */
export async function signToken({ role, sub, shop, name, ttl }) {
  const { AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience } = process.env;
  const secret = process.env.AUTH_SECRET || (await keptSecret(process.env.DATA_DIR || 'data'));
  /** @type {typeof import('../src/transports/own-token.js')} */
  const { signOwnToken } = await built('transports/own-token.js');
  const who = { id: sub, shopId: shop, role: /** @type {'viewer' | 'host'} */ (role), name };
  return signOwnToken({ secret, issuer, audience }, who, ttl);
}

/** @param {string} dataDir */
async function keptSecret(dataDir) {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  /** @type {typeof import('../src/auth-secret.js')} */
  const { keepAuthSecret } = await built('auth-secret.js');
  return keepAuthSecret(dataDir);
}

/** Named only now: it may have been built a moment ago. @param {string} module */
function built(module) {
  return import(new URL(`../dist/${module}`, import.meta.url).href);
}
