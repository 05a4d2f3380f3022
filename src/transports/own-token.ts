import { createSigner } from 'fast-jwt';

interface Signing {
  secret: string;
  /** What a token's `iss` and `aud` must be; undefined for anything. */
  issuer?: string | undefined;
  audience?: string | undefined;
}

interface Bearer {
  id: string;
  shopId: string;
  role: 'viewer' | 'host';
  name?: string | undefined;
}

/**
 * A token as the server gives it out itself: it holds also where the shop signs by keys of its own. The server, the commands
 * and the load test sign by this; the tests, which are to notice a mistake here, by their own.
 */
export function signOwnToken(
  { secret, issuer: iss, audience: aud }: Signing,
  { id: sub, shopId: shop, role, name }: Bearer,
  lifetime: string,
  claims: object = {},
): string {
  const sign = createSigner({ key: secret, algorithm: 'HS256', expiresIn: lifetime });
  const of = { ...(iss ? { iss } : {}), ...(aud ? { aud } : {}), own: true };
  return sign({ sub, shop, role, ...(name ? { name } : {}), ...claims, ...of });
}
