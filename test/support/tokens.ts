import { createHmac } from 'node:crypto';

/** What every test server signs and checks tokens with. */
export const AUTH_SECRET = 'a secret of the tests, long enough for production';

export interface Claims {
  sub: string;
  shop: string;
  role: string;
  name?: string;
  /** Epoch seconds. */
  exp?: number;
}

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** A token as a shop's own back end would sign it. `claims` may be anything: bad tokens are made here too. */
export function signToken(claims: Claims | Record<string, unknown>, secret = AUTH_SECRET): string {
  const body = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`;
}

/** The same claims with `alg: none` and no signature. */
export function unsignedToken(claims: Claims): string {
  return `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.`;
}
