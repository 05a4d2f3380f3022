import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';
import proxyAddr from 'proxy-addr';
import type { z } from 'zod';

/** Some proxies write the client's port too: `1.2.3.4:5678`, `[2001:db8::1]:5678`. */
const WITH_PORT = /^(?:\[(.+)\]|([\d.]+)):\d+$/;

/**
 * The address that a request is counted under. Behind `proxies` trusted proxies it is the entry that the outermost of them
 * wrote into X-Forwarded-For; whatever stands further left is the client's own claim, and what is no address at all counts as
 * the peer's. Of an IPv6 address only the first 64 bits count: every client has the other 64 to itself.
 */
export function clientAddress(request: IncomingMessage, proxies: number): string {
  const named = proxyAddr(request, (_, hop) => hop < proxies);
  return networkOf(named) ?? networkOf(request.socket.remoteAddress) ?? 'unknown';
}

function networkOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const [, v6, v4] = WITH_PORT.exec(text) ?? [];
  const address = v6 ?? v4 ?? text;
  if (!ipaddr.isValid(address)) return undefined;
  // An IPv4 client of a dual-stack socket comes as ::ffff:1.2.3.4.
  const parsed = ipaddr.process(address);
  if (!('parts' in parsed)) return parsed.toString();
  const network = parsed.parts.slice(0, 4).map((part) => part.toString(16));
  return `${network.join(':')}::/64`;
}

/** What is wrong, and where: `order.ppnPercent`. Of a list of rows also in which, counted from 0. */
interface Issue {
  path: string;
  message: string;
  line?: number;
}

/** At most ten; of a list of rows ten of each row, so that nobody has to send a thousand rows ten times. */
export function issuesOf(error: z.ZodError): Issue[] {
  const counts = new Map<number | undefined, number>();
  return error.issues.flatMap((issue) => {
    const line = typeof issue.path[1] === 'number' ? issue.path[1] : undefined;
    const count = (counts.get(line) ?? 0) + 1;
    counts.set(line, count);
    if (count > 10) return [];
    const keys = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
    const path = [...issue.path, ...keys].join('.');
    return [{ path, message: issue.message, ...(line === undefined ? {} : { line }) }];
  });
}
