import { describe, expect, it } from 'vitest';
import { nodeName, parseRedisAddress } from '../../src/store/redis/address.js';
import { slotOf } from '../../src/store/redis/slots.js';

describe('REDIS_URL', () => {
  it.each([
    'redis://localhost',
    'redis://:secret@10.0.0.1:6380/2',
    'rediss://cache.example:6379',
    'unix:///run/redis.sock',
    'unix://app:p%40ss@/run/redis.sock?db=2',
  ])('names one server: %s', (url) => {
    expect(parseRedisAddress(url)).toEqual({ kind: 'one', url });
  });

  it('names a cluster by some of its nodes; each is reached with the same login', () => {
    const address = parseRedisAddress('rediss+cluster://app:p%40ss@a.example:7001,[::1]:7002');
    if (address.kind !== 'cluster') throw new Error('not a cluster');
    expect(address.nodes).toEqual(['a.example:7001', '[::1]:7002']);
    expect(address.urlOf('b.example:7003')).toBe('rediss://app:p%40ss@b.example:7003');
  });

  it('names a master by its sentinels; the login is for Redis, not for them', () => {
    const address = parseRedisAddress('redis+sentinel://:secret@s1:26379,s2:26379/mymaster');
    if (address.kind !== 'sentinel') throw new Error('not sentinels');
    expect(address).toMatchObject({ sentinels: ['s1:26379', 's2:26379'], master: 'mymaster' });
    expect(address.urlOf('db1:6379')).toBe('redis://:secret@db1:6379');
    expect(address.sentinelUrlOf('s1:26379')).toBe('redis://s1:26379');
  });

  it.each([
    ['localhost:6379', 'must begin with'],
    ['redis://localhost:port', 'well-formed'],
    ['redis://user:50%@a:7000', '%25'],
    ['redis://a:6379/xyz', '/xyz is not the number of a database'],
    ['redis://a:6379/-1', '/-1 is not'],
    ['redis://a:6379/1/2', '/1/2 is not'],
    ['unix:///run/redis.sock?db=x', 'well-formed'],
    ['unix://redis.sock', 'well-formed'],
    ['redis+cluster://', 'an empty place'],
    ['redis+cluster://a:1,', 'an empty place'],
    ['redis+cluster://a', 'a in the list is not host:port'],
    ['redis+cluster://a:70000', 'a:70000'],
    ['redis+cluster://::1:7000', '::1:7000'],
    ['redis+cluster://a:7000/0', 'no database'],
    ['redis+cluster://user:50%@a:7000', '%25'],
    ['redis+sentinel://a:26379', 'name of the master'],
    ['redis+sentinel://a:26379/my master', 'name of the master'],
  ])('is refused in one line: %s', (text, reason) => {
    expect(() => parseRedisAddress(text)).toThrow(reason);
  });
});

it('nodes are named as they stand in an address', () => {
  expect([nodeName('10.0.0.1', 6379), nodeName('fe80::1', '6379')]).toEqual([
    '10.0.0.1:6379',
    '[fe80::1]:6379',
  ]);
});

it.each([
  ['123456789', 12_739],
  ['foo', 12_182],
  ['livehold:{foo}:items', 12_182],
  ['foo{{bar}}zap', slotOf('{bar')],
  ['livehold:{tokó}', slotOf('tokó')],
])('the slot of %s is %i', (key, slot) => {
  expect(slotOf(key)).toBe(slot);
});
