import { createSigner } from 'fast-jwt';

/** Signs a token as the contract describes it, good for an hour. */
export function signToken(
  secret: string,
  claims: { id: string; shopId: string; role: 'viewer' | 'host'; name?: string },
): string {
  const { id, shopId, role, name } = claims;
  const sign = createSigner({ key: secret, algorithm: 'HS256', expiresIn: '1h' });
  return sign({ sub: id, shop: shopId, role, ...(name === undefined ? {} : { name }) });
}
