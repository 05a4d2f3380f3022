import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atEnd } from './at-end.js';
import { freePorts } from './free-ports.js';
import { infoOf, optionsOf, type RedisClient, RedisProcess } from './redis-process.js';
import { until } from './until.js';

const MASTER = 'livehold';
const QUORUM = 2;
/** Long enough for a machine that is busy with other tests. */
const DOWN_AFTER_MS = 2_000;

interface Node {
  process: RedisProcess;
  client: RedisClient;
}

/** A master with two replicas, and three sentinels that watch them. Ends with the test or file. */
export async function startSentinels(options: Record<string, string> = {}): Promise<Sentinels> {
  const folder = await mkdtemp(join(tmpdir(), 'lh-sentinel-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  const ports = await freePorts(6);
  const [master, ...replicas] = await Promise.all(
    ports.slice(0, 3).map(async (port, i): Promise<Node> => {
      const follow = i === 0 ? {} : { replicaof: `127.0.0.1 ${ports[0]}` };
      const process = new RedisProcess(
        port,
        folder,
        optionsOf({ port: String(port), ...follow, ...options }),
      );
      await process.start();
      return { process, client: await process.client() };
    }),
  );
  if (!master) throw new Error('no master');
  for (const { client } of replicas) {
    await until('the replica has its copy', async () => {
      return (await infoOf(client, 'master_link_status')) === 'up';
    });
  }
  const sentinels = await Promise.all(
    ports.slice(3).map((port) => startSentinel(folder, port, master.process.port)),
  );
  for (const { client } of sentinels) await untilItKnowsAll(client);
  return new Sentinels(master, replicas, sentinels);
}

async function startSentinel(folder: string, port: number, masterPort: number): Promise<Node> {
  const file = join(folder, `sentinel-${port}.conf`);
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `sentinel monitor ${MASTER} 127.0.0.1 ${masterPort} ${QUORUM}`,
    `sentinel down-after-milliseconds ${MASTER} ${DOWN_AFTER_MS}`,
    `sentinel failover-timeout ${MASTER} 6000`,
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  const process = new RedisProcess(port, folder, [file, '--sentinel']);
  await process.start(/\+monitor/);
  return { process, client: await process.client() };
}

async function untilItKnowsAll(client: RedisClient): Promise<void> {
  await until(
    'the sentinel knows both replicas and the other sentinels',
    async () => {
      const reply = await client.sendCommand(['SENTINEL', 'MASTER', MASTER]);
      const state = Object(reply) as Record<string, string>;
      return state['num-slaves'] === '2' && state['num-other-sentinels'] === '2';
    },
    30_000,
  );
}

export class Sentinels {
  readonly master: Node;
  readonly replicas: Node[];
  readonly sentinels: Node[];

  constructor(master: Node, replicas: Node[], sentinels: Node[]) {
    this.master = master;
    this.replicas = replicas;
    this.sentinels = sentinels;
  }

  get url(): string {
    const addresses = this.sentinels.map(({ process }) => process.address);
    return `redis+sentinel://${addresses.join(',')}/${MASTER}`;
  }
}
