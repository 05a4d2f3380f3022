import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { newShop } from '../support/host.js';
import { startCluster } from '../support/redis-cluster.js';
import { startRedis } from '../support/redis-server.js';
import { startServer } from '../support/server.js';
import { shopDay } from './shop-day.js';

/** The command of the page for operators, word by word, with a password filled in. */
function documented(): string[] {
  const page = readFileSync('docs/operations.md', 'utf8');
  const [command = ''] = /ACL SETUSER .*/.exec(page) ?? [];
  return command.replace('PASSWORD', 'secret').split(' ');
}

interface Asked {
  sendCommand(words: string[]): Promise<unknown>;
}

const denials = (client: Asked) => client.sendCommand(['ACL', 'LOG']);

describe('the rights that the page for operators gives', () => {
  it('are enough for a day on one server, and nothing that is asked is denied', async () => {
    const redis = await startRedis();
    const client = await redis.client();
    await client.sendCommand(documented());
    const redisUrl = redis.url.replace('unix://', 'unix://livehold:secret@');
    const servers = [await startServer({ redisUrl }), await startServer({ redisUrl })] as const;
    await shopDay(servers[0], servers[1], newShop());
    expect((await fetch(`${servers[0].url}/readyz`)).status).toBe(200);
    expect(await denials(client)).toEqual([]);
  });

  it('are enough for a day on a cluster, and nothing that is asked is denied', async () => {
    const cluster = await startCluster();
    for (const { client } of cluster.nodes) await client.sendCommand(documented());
    const redisUrl = cluster.url.replace('://', '://livehold:secret@');
    const servers = [await startServer({ redisUrl }), await startServer({ redisUrl })] as const;
    await Promise.all(
      cluster.shards.map((shard) => shopDay(servers[0], servers[1], cluster.shopOn(shard))),
    );
    expect((await fetch(`${servers[0].url}/readyz`)).status).toBe(200);
    for (const { client } of cluster.nodes) expect(await denials(client)).toEqual([]);
  });
});
