import { hash } from 'node:crypto';

/** Names of the keys. Everything of a shop carries the hash tag `{shopId}` and so lives in one cluster slot. */
const PREFIX = 'livehold';

/** The shop's own hash; every other key of the shop is this one plus a suffix, so scripts get only this. */
export function shopKey(shopId: string): string {
  return `${PREFIX}:{${shopId}}`;
}

/** Of a key that `shopKey` made. */
export function shopIdOf(key: string): string {
  return key.slice(PREFIX.length + 2, -1);
}

/** Every shop of this installation, scored by when it was made. Not the shop's slot: it is an index only. */
export const SHOPS_KEY = `${PREFIX}:shops`;

/** Shops that may have deadlines running, scored by when a server last said so; see the sweeper. */
export const ACTIVE_SHOPS_KEY = `${PREFIX}:active`;

/**
 * What this store is, so that its loss is noticed. No shop has a dot in its id. A cluster has one on each master, each with
 * the first number whose slot is there.
 */
export function storeKey(n: number): string {
  return `${PREFIX}:{.${n}}:store`;
}

/** Shops that have webhooks, scored by when the newest was made. An index only. */
export const WEBHOOK_SHOPS_KEY = `${PREFIX}:webhook-shops`;

/** One mark for each who was erased since Redis's own file was last written anew, in local mode. */
export const FILE_MARKS_KEY = `${PREFIX}:file-marks`;

/** Which shop a payment is of: gateways' notices name the payment alone. */
export function paymentIndexKey(paymentId: string): string {
  return `${PREFIX}:payment:${paymentId}`;
}

/** The play-money gateway's books. */
export function sandboxPaymentKey(paymentId: string): string {
  return `${PREFIX}:sandbox:${paymentId}`;
}

/** Notices about payments that no shop of ours has. */
export const UNKNOWN_NOTICES_KEY = `${PREFIX}:notices:not-ours`;

/** What the keys of a limit over all servers begin with; who is limited follows. */
export function limitKey(name: string): string {
  return `${PREFIX}:limit:${name}`;
}

/** Digest of who asks and their requestId: two callers never share one, and any text is safe as a key. */
export function requestDigest(callerId: string, requestId: string): string {
  return hash('sha256', `${callerId}\n${requestId}`, 'base64url').slice(0, 24);
}
