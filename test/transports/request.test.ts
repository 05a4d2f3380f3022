import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { clientAddress } from '../../src/transports/request.js';

const request = (forwarded?: string) =>
  ({
    socket: { remoteAddress: '10.0.0.1' },
    headers: { 'x-forwarded-for': forwarded },
  }) as unknown as IncomingMessage;

describe('the address of a client', () => {
  // One client has 2^64 of these to itself.
  it.each(['2001:db8:0:7::1', '2001:db8:0:7:ffff:ffff:ffff:ffff', '[2001:db8:0:7::1]:443'])(
    'of IPv6 is its network: %s',
    (forwarded) => {
      expect(clientAddress(request(forwarded), 1)).toBe('2001:db8:0:7::/64');
    },
  );

  it.each([
    [0, undefined, '10.0.0.1'],
    [0, '1.1.1.1', '10.0.0.1'],
    [1, undefined, '10.0.0.1'],
    [1, '1.1.1.1', '1.1.1.1'],
    // What the client claims itself stands on the left, and only what our own proxies wrote counts.
    [1, '6.6.6.6, 1.1.1.1', '1.1.1.1'],
    [2, '6.6.6.6, 1.1.1.1, 10.0.0.2', '1.1.1.1'],
    [2, '1.1.1.1', '1.1.1.1'],
    [1, ' , ', '10.0.0.1'],
    [1, 'unknown', '10.0.0.1'],
    [1, '1.1.1.1, a\u0000b', '10.0.0.1'],
    [1, '1.1.1.1:5678', '1.1.1.1'],
    [1, '::ffff:1.1.1.1', '1.1.1.1'],
  ])('behind %i proxies that say %j is %s', (proxies, forwarded, address) => {
    expect(clientAddress(request(forwarded), proxies)).toBe(address);
  });
});
