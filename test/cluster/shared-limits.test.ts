import { describe, expect, it } from 'vitest';
import { host, newShop } from '../support/host.js';
import { startCluster } from '../support/redis-cluster.js';
import { startSentinels } from '../support/redis-sentinels.js';
import { startServer } from '../support/server.js';

describe.each([
  ['a Redis Cluster', startCluster],
  ['a master that sentinels watch', startSentinels],
])('on %s', (_, startRedis) => {
  it('limits hold over all servers', async () => {
    const { url: redisUrl } = await startRedis();
    const start = () => startServer({ redisUrl, RATE_LIMIT: '20', GUESTS_PER_ADDRESS: '3' });
    const shop = newShop();
    const hosts = [host(await start(), shop), host(await start(), shop)];
    await hosts[0]?.get('/settings');
    const asked = hosts.flatMap((one) => [one, one, one, one]);
    const answers = asked.map((one) => one.call('POST', `/shops/${shop}/guests`, { name: 'Ani' }));
    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(3);
    expect(statuses.filter((status) => status === 429)).toHaveLength(5);
  });
});
