import { createSigner, createVerifier, TokenError } from 'fast-jwt';
import { createRemoteJWKSet, decodeProtectedHeader, errors, jwtVerify } from 'jose';
import { z } from 'zod';
import { AppError } from '../protocol/errors.js';
import { IdSchema, ShopIdSchema } from '../protocol/ids.js';
import { cleanLine } from '../protocol/text.js';
import type { Booker } from '../services/bookings.js';

/** Who is asking, as a verified token says. A token names one shop and one role. */
export interface Identity {
  id: string;
  shopId: string;
  role: 'viewer' | 'host';
  name: string;
  /** Signed in by this server under a name of their own choosing, and known to nobody. */
  guest: boolean;
  /** Epoch ms from which the token no longer holds. */
  expiresAt: number;
}

/** Names a caller among those of all shops. */
export function callerKey({ shopId, role, id }: Identity): string {
  return `${shopId} ${role} ${id}`;
}

const Claims = z.object({
  sub: IdSchema,
  shop: ShopIdSchema,
  role: z.enum(['viewer', 'host']),
  /** For show only: whatever it is, it keeps nobody out. */
  name: z
    .string()
    .transform((name) => cleanLine(name.slice(0, 100)))
    .catch(''),
  guest: z.boolean().catch(false),
  exp: z.number().optional(),
});

/**
 * Verifies tokens (HS256 with the secret, or a key of the JWKS) and signs those of guests and of the demo. jose fetches and
 * keeps the JWKS, but has every HMAC made by a thread, which costs a join ten times what the HMAC does: hence fast-jwt.
 */
export class Tokens {
  private readonly secret: string | undefined;
  private readonly verifySecret: ReturnType<typeof createVerifier> | undefined;
  private readonly keys: ReturnType<typeof createRemoteJWKSet> | undefined;

  constructor(auth: { secret: string | undefined; jwksUrl: string | undefined }) {
    this.secret = auth.secret;
    if (auth.secret !== undefined)
      this.verifySecret = createVerifier({ key: auth.secret, algorithms: ['HS256'] });
    this.keys = auth.jwksUrl === undefined ? undefined : createRemoteJWKSet(new URL(auth.jwksUrl));
  }

  /** @throws UNAUTHENTICATED for anything but a sound token that still holds */
  async verify(token: unknown): Promise<Identity> {
    if (typeof token !== 'string' || token.length > 8_192) throw new AppError('UNAUTHENTICATED');
    const claims = Claims.safeParse(await this.payload(token));
    if (!claims.success)
      throw new AppError('UNAUTHENTICATED', { token: 'lacks sub, shop or role' });
    const { sub, shop, role, name, guest, exp } = claims.data;
    const expiresAt = exp === undefined ? Number.POSITIVE_INFINITY : exp * 1_000;
    return { id: sub, shopId: shop, role, name, guest, expiresAt };
  }

  get canSign(): boolean {
    return this.secret !== undefined;
  }

  /** Signs a token of our own. @throws FORBIDDEN when there is no secret to sign with */
  sign(
    who: Pick<Identity, 'id' | 'shopId' | 'role'> & { name?: string; guest?: boolean },
    lifetime: string,
  ): string {
    if (this.secret === undefined) throw new AppError('FORBIDDEN');
    const { id: sub, shopId: shop, role, name, guest } = who;
    const sign = createSigner({ key: this.secret, algorithm: 'HS256', expiresIn: lifetime });
    return sign({ sub, shop, role, ...(name ? { name } : {}), ...(guest ? { guest } : {}) });
  }

  /** The algorithm decides the key, so that a public key can never be used as a secret. */
  private async payload(token: string): Promise<unknown> {
    try {
      const { alg } = decodeProtectedHeader(token);
      if (alg === 'HS256' && this.verifySecret) return this.verifySecret(token);
      if (this.keys) {
        const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'];
        return (await jwtVerify(token, this.keys, { algorithms })).payload;
      }
    } catch (error) {
      if (hasExpired(error)) throw new AppError('UNAUTHENTICATED', { token: 'has expired' });
    }
    throw new AppError('UNAUTHENTICATED');
  }
}

function hasExpired(error: unknown): boolean {
  if (error instanceof TokenError) return error.code === TokenError.codes.expired;
  return error instanceof errors.JWTExpired;
}

/** A token that was sound at connection stops working at its `exp`. @throws UNAUTHENTICATED, FORBIDDEN */
export function requireRole(identity: Identity | undefined, role: Identity['role']): Identity {
  if (!identity) throw new AppError('UNAUTHENTICATED');
  if (identity.expiresAt <= Date.now())
    throw new AppError('UNAUTHENTICATED', { token: 'has expired' });
  if (identity.role !== role) throw new AppError('FORBIDDEN');
  return identity;
}

/** The viewer of a token, as the use cases take one. */
export function bookerOf({ id, name, guest }: Identity): Booker {
  return { viewerId: id, name, guest };
}
