import type { IncomingMessage } from 'node:http';

/**
 * The client's address. Behind `proxies` trusted proxies it is the entry that the outermost of them wrote into
 * X-Forwarded-For; whatever stands further left is the client's own claim.
 */
export function clientAddress(request: IncomingMessage, proxies: number): string {
  const peer = request.socket.remoteAddress ?? 'unknown';
  if (proxies === 0) return peer;
  const header = request.headers['x-forwarded-for'];
  const hops = String(header ?? '')
    .split(',')
    .map((hop) => hop.trim())
    .filter((hop) => hop !== '');
  return hops.at(-proxies) ?? hops[0] ?? peer;
}
