import {
  type CryptoKey,
  createRemoteJWKSet,
  decodeProtectedHeader,
  errors,
  jwtVerify,
  SignJWT,
} from 'jose';
import { z } from 'zod';
import { AppError } from '../protocol/errors.js';
import { IdSchema, ShopIdSchema } from '../protocol/ids.js';

/** Who is asking, as a verified token says. A token names one shop and one role. */
export interface Identity {
  id: string;
  shopId: string;
  role: 'viewer' | 'host';
  name: string;
  /** Epoch ms from which the token no longer holds. */
  expiresAt: number;
}

const Claims = z.object({
  sub: IdSchema,
  shop: ShopIdSchema,
  role: z.enum(['viewer', 'host']),
  /** For show only: whatever it is, it keeps nobody out. */
  name: z
    .string()
    .transform((name) => name.slice(0, 100))
    .catch(''),
  exp: z.number().optional(),
});

/** Verifies tokens (HS256 with the secret, or a key of the JWKS) and signs those of guests and of the demo. */
export class Tokens {
  /** Imported once: jose would do it anew for every token. */
  private readonly secret: Promise<CryptoKey> | undefined;
  private readonly keys: ReturnType<typeof createRemoteJWKSet> | undefined;

  constructor(auth: { secret: string | undefined; jwksUrl: string | undefined }) {
    this.secret = auth.secret === undefined ? undefined : importSecret(auth.secret);
    this.keys = auth.jwksUrl === undefined ? undefined : createRemoteJWKSet(new URL(auth.jwksUrl));
  }

  /** @throws UNAUTHENTICATED for anything but a sound token that still holds */
  async verify(token: unknown): Promise<Identity> {
    if (typeof token !== 'string' || token.length > 8_192) throw new AppError('UNAUTHENTICATED');
    const claims = Claims.safeParse(await this.payload(token));
    if (!claims.success)
      throw new AppError('UNAUTHENTICATED', { token: 'lacks sub, shop or role' });
    const { sub, shop, role, name, exp } = claims.data;
    const expiresAt = exp === undefined ? Number.POSITIVE_INFINITY : exp * 1_000;
    return { id: sub, shopId: shop, role, name, expiresAt };
  }

  /** Signs a token of our own. @throws FORBIDDEN when there is no secret to sign with */
  async sign(
    who: Pick<Identity, 'id' | 'shopId' | 'role'> & { name?: string },
    lifetime: string,
  ): Promise<string> {
    if (this.secret === undefined) throw new AppError('FORBIDDEN');
    return new SignJWT({
      shop: who.shopId,
      role: who.role,
      ...(who.name ? { name: who.name } : {}),
    })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(who.id)
      .setIssuedAt()
      .setExpirationTime(lifetime)
      .sign(await this.secret);
  }

  /** The algorithm decides the key, so that a public key can never be used as a secret. */
  private async payload(token: string): Promise<unknown> {
    try {
      const { alg } = decodeProtectedHeader(token);
      if (alg === 'HS256' && this.secret !== undefined) {
        return (await jwtVerify(token, await this.secret, { algorithms: ['HS256'] })).payload;
      }
      if (this.keys) {
        const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'];
        return (await jwtVerify(token, this.keys, { algorithms })).payload;
      }
    } catch (error) {
      if (error instanceof errors.JWTExpired)
        throw new AppError('UNAUTHENTICATED', { token: 'has expired' });
    }
    throw new AppError('UNAUTHENTICATED');
  }
}

function importSecret(secret: string): Promise<CryptoKey> {
  const bytes = new TextEncoder().encode(secret);
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  return crypto.subtle.importKey('raw', bytes, algorithm, false, ['sign', 'verify']);
}

/** A token that was sound at connection stops working at its `exp`. @throws UNAUTHENTICATED, FORBIDDEN */
export function requireRole(identity: Identity | undefined, role: Identity['role']): Identity {
  if (!identity) throw new AppError('UNAUTHENTICATED');
  if (identity.expiresAt <= Date.now())
    throw new AppError('UNAUTHENTICATED', { token: 'has expired' });
  if (identity.role !== role) throw new AppError('FORBIDDEN');
  return identity;
}
