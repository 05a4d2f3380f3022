import { SignJWT } from 'jose';

/** Signs a token as the contract describes it, good for an hour. */
export function signToken(
  secret: string,
  claims: { id: string; shopId: string; role: 'viewer' | 'host'; name?: string },
): Promise<string> {
  const { id, shopId, role, name } = claims;
  return new SignJWT({ shop: shopId, role, ...(name === undefined ? {} : { name }) })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(id)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(secret));
}
