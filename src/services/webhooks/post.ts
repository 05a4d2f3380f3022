import { lookup as resolve } from 'node:dns';
import { type IncomingMessage, request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** What came of it: a status, or why there is none. */
export interface Answer {
  status?: number;
  error?: string;
  /** Its first characters. */
  answer?: string;
}

const TIMEOUT_MS = 10_000;
const MOST_READ = 500;

/**
 * Posts once. Without `allowPrivate` only over https and only to public addresses: the one that was looked at is the one that
 * is connected to, and redirects are not followed. Never rejects.
 */
export function post(
  url: URL,
  headers: Record<string, string>,
  body: string,
  allowPrivate: boolean,
): Promise<Answer> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!allowPrivate && url.protocol !== 'https:')
    return Promise.resolve({ error: 'is not an https address' });
  if (!allowPrivate && isIP(host) !== 0 && !isPublic(host))
    return Promise.resolve({ error: PRIVATE });
  return new Promise((done) => {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const send = url.protocol === 'https:' ? overHttps : overHttp;
    const lookup = allowPrivate ? undefined : publicOnly;
    // A connection of its own: what is connected to is always what was just looked at.
    const options = { method: 'POST', headers, signal, agent: false, ...(lookup && { lookup }) };
    const sent = send(url, options, (response) => {
      void read(response).then((answer) => done({ status: response.statusCode ?? 0, answer }));
    });
    sent.once('error', (error) => {
      done({ error: signal.aborted ? `no answer within ${TIMEOUT_MS / 1_000} s` : error.message });
    });
    sent.end(body);
  });
}

const PRIVATE = 'leads to a private address';

/** Neither of this machine nor of a private network, also in the disguise of IPv6. */
function isPublic(address: string): boolean {
  return ipaddr.process(address).range() === 'unicast';
}

const publicOnly: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, addresses) => {
    const [first] = addresses ?? [];
    if (error || !first) return callback(error ?? new Error('has no address'), '', 0);
    if (!addresses.every(({ address }) => isPublic(address)))
      return callback(new Error(PRIVATE), '', 0);
    if (options.all) return callback(null, addresses);
    callback(null, first.address, first.family);
  });
};

/** No more than is kept; of the rest the connection is closed. */
async function read(response: IncomingMessage): Promise<string> {
  let text = '';
  try {
    response.setEncoding('utf8');
    for await (const part of response) {
      text += part;
      if (text.length >= MOST_READ) break;
    }
  } catch {
    // The status is there, and it decides.
  }
  response.destroy();
  return text.slice(0, MOST_READ);
}
