import { createVerifier, TokenError } from 'fast-jwt';
import { decodeProtectedHeader, errors, jwtVerify } from 'jose';
import type { Logger } from 'pino';
import { z } from 'zod';
import { AppError } from '../protocol/errors.js';
import { IdSchema, ShopIdSchema } from '../protocol/ids.js';
import { cleanLine } from '../protocol/text.js';
import type { Booker } from '../services/bookings.js';
import { signOwnToken } from './own-token.js';
import { SigningKeys } from './signing-keys.js';

/** Who is asking, as a verified token says. A token names one shop and one role. */
export interface Identity {
  id: string;
  shopId: string;
  role: 'viewer' | 'host';
  name: string;
  /** Signed in by this server under a name of their own choosing, and known to nobody. */
  guest: boolean;
  /** Of a host: somebody who helps in a live, and may not do what is the owner's alone. */
  staff: 'helper' | undefined;
  /** Let in by a link of the owner's, who may put them out again. */
  member: boolean;
  /** Signed in by this server, not by the shop's own system. */
  own: boolean;
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
  /** A word that this version does not know must not make an owner of anybody. */
  staff: z.literal('helper').optional(),
  member: z.boolean().catch(false),
  own: z.boolean().catch(false),
  exp: z.number().optional(),
});

/** Of tokens that this server has signed itself. */
const OwnClaims = z.object({ own: z.literal(true) });

export interface AuthSettings {
  secret: string | undefined;
  jwksUrl: string | undefined;
  /** What a token's `iss` and `aud` must be; undefined for anything. */
  issuer: string | undefined;
  audience: string | undefined;
}

/** Whether somebody who was let into a shop's console has not been put out since. */
type IsMember = (shopId: string, staffId: string) => Promise<boolean>;

/**
 * Verifies tokens (HS256 with the secret, or a key of the JWKS) and signs those of guests and of the demo. jose fetches and
 * keeps the JWKS, but has every HMAC made by a thread, which costs a join ten times what the HMAC does: hence fast-jwt.
 */
export class Tokens {
  private readonly auth: AuthSettings;
  private readonly isMember: IsMember;
  private readonly verifySecret: ReturnType<typeof createVerifier> | undefined;
  private readonly keys: SigningKeys | undefined;

  constructor(auth: AuthSettings, log: Logger, isMember: IsMember) {
    this.auth = auth;
    this.isMember = isMember;
    const { secret, jwksUrl, issuer, audience } = auth;
    if (secret !== undefined) {
      this.verifySecret = createVerifier({
        key: secret,
        algorithms: ['HS256'],
        ...(issuer === undefined ? {} : { allowedIss: issuer }),
        ...(audience === undefined ? {} : { allowedAud: audience }),
        requiredClaims: [...(issuer ? ['iss'] : []), ...(audience ? ['aud'] : [])],
      });
    }
    if (jwksUrl !== undefined) this.keys = new SigningKeys(jwksUrl, log);
  }

  /**
   * @throws UNAUTHENTICATED for anything but a sound token that still holds, AUTH_UNAVAILABLE when that cannot be judged
   */
  async verify(token: unknown): Promise<Identity> {
    if (typeof token !== 'string' || token.length > 8_192) throw new AppError('UNAUTHENTICATED');
    const claims = Claims.safeParse(await this.payload(token));
    if (!claims.success) {
      const [claim] = claims.error.issues[0]?.path ?? [];
      throw new AppError('UNAUTHENTICATED', { token: `lacks a sound ${String(claim)}` });
    }
    const { sub, shop, role, exp, ...said } = claims.data;
    const expiresAt = exp === undefined ? Number.POSITIVE_INFINITY : exp * 1_000;
    const identity = { id: sub, shopId: shop, role, ...said, staff: said.staff, expiresAt };
    await this.recheck(identity);
    return identity;
  }

  /** @throws UNAUTHENTICATED when the owner has put them out meanwhile */
  async recheck({ member, shopId, id }: Identity): Promise<void> {
    if (!member || (await this.isMember(shopId, id))) return;
    throw new AppError('UNAUTHENTICATED', { token: 'was taken back by the owner of the shop' });
  }

  get canSign(): boolean {
    return this.auth.secret !== undefined;
  }

  /** Signs a token of our own. @throws FORBIDDEN when there is no secret to sign with */
  sign(
    who: Pick<Identity, 'id' | 'shopId' | 'role'> & { name?: string; guest?: boolean },
    lifetime: string,
  ): string {
    return this.signed(who, who.guest ? { guest: true } : {}, lifetime);
  }

  /** The same for somebody who was let into the console, and holds until they are put out. */
  signStaff(
    who: Pick<Identity, 'id' | 'shopId' | 'role' | 'name'> & { staff: 'owner' | 'helper' },
    lifetime: string,
  ): string {
    const claims = { member: true, ...(who.staff === 'helper' ? { staff: 'helper' } : {}) };
    return this.signed(who, claims, lifetime);
  }

  private signed(
    who: Pick<Identity, 'id' | 'shopId' | 'role'> & { name?: string },
    claims: object,
    lifetime: string,
  ): string {
    const { secret, issuer, audience } = this.auth;
    if (secret === undefined) throw new AppError('FORBIDDEN');
    return signOwnToken({ secret, issuer, audience }, who, lifetime, claims);
  }

  /** The algorithm decides the key, so that a public key can never be used as a secret. */
  private async payload(token: string): Promise<unknown> {
    try {
      const { alg } = decodeProtectedHeader(token);
      if (alg === 'HS256' && this.verifySecret) {
        const claims: unknown = this.verifySecret(token);
        // Where the shop signs by keys, the secret signs what this server has given out, and nothing else.
        if (!this.keys || OwnClaims.safeParse(claims).success) return claims;
        throw new AppError('UNAUTHENTICATED', { token: 'is not signed by a key of AUTH_JWKS_URL' });
      }
      if (this.keys) {
        const { issuer, audience } = this.auth;
        const options = {
          algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
          ...(issuer === undefined ? {} : { issuer }),
          ...(audience === undefined ? {} : { audience }),
        };
        return (await jwtVerify(token, this.keys.find, options)).payload;
      }
    } catch (error) {
      if (error instanceof AppError) throw error;
      const flaw = flawIn(error);
      throw new AppError('UNAUTHENTICATED', flaw === undefined ? undefined : { token: flaw });
    }
    throw new AppError('UNAUTHENTICATED');
  }
}

/** What is wrong with a token, where that helps whoever made it. */
function flawIn(error: unknown): string | undefined {
  const { codes } = TokenError;
  const code = error instanceof TokenError ? error.code : undefined;
  if (error instanceof errors.JWTExpired || code === codes.expired) return 'has expired';
  if (
    (error instanceof errors.JWTClaimValidationFailed && ['iss', 'aud'].includes(error.claim)) ||
    code === codes.invalidClaimValue ||
    code === codes.missingRequiredClaim
  ) {
    return 'is not of AUTH_ISSUER and for AUTH_AUDIENCE';
  }
  return undefined;
}

/** A token that was sound at connection stops working at its `exp`. @throws UNAUTHENTICATED, FORBIDDEN */
export function requireRole(identity: Identity | undefined, role: Identity['role']): Identity {
  if (!identity) throw new AppError('UNAUTHENTICATED');
  if (identity.expiresAt <= Date.now())
    throw new AppError('UNAUTHENTICATED', { token: 'has expired' });
  if (identity.role !== role) throw new AppError('FORBIDDEN');
  return identity;
}

/** What is the owner's alone. @throws FORBIDDEN for a host's helper */
export function requireOwner({ staff }: Identity): void {
  if (staff !== undefined) throw new AppError('FORBIDDEN', { staff });
}

/** The viewer of a token, as the use cases take one. */
export function bookerOf({ id, name, guest }: Identity): Booker {
  return { viewerId: id, name, guest };
}
