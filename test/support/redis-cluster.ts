import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { slotOf } from '../../src/store/redis/slots.js';
import { atEnd } from './at-end.js';
import { freePorts } from './free-ports.js';
import { newShop } from './host.js';
import { infoOf, optionsOf, type RedisClient, RedisProcess } from './redis-process.js';
import { until } from './until.js';

const SHARDS = 3;
const SLOTS = 16_384;
/** Long enough for a machine that is busy with other tests. */
const NODE_TIMEOUT_MS = 2_500;

export interface ClusterNode {
  process: RedisProcess;
  client: RedisClient;
  id: string;
  /** Where the nodes talk to each other. */
  bus: number;
}

export interface Shard {
  master: ClusterNode;
  replica: ClusterNode;
  from: number;
  to: number;
}

/** A real cluster of three masters with a replica each. Ends with the test or file. */
export async function startCluster(): Promise<RedisCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'lh-cluster-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  const ports = await freePorts(SHARDS * 4);
  const nodes = await Promise.all(
    Array.from({ length: SHARDS * 2 }, (_, i) =>
      startNode(folder, ports[i * 2] as number, ports[i * 2 + 1] as number),
    ),
  );
  const shards = Array.from({ length: SHARDS }, (_, i): Shard => {
    const from = Math.floor((i * SLOTS) / SHARDS);
    const to = Math.floor(((i + 1) * SLOTS) / SHARDS) - 1;
    return {
      master: nodes[i] as ClusterNode,
      replica: nodes[i + SHARDS] as ClusterNode,
      from,
      to,
    };
  });
  await introduce(nodes, shards);
  return new RedisCluster(nodes, shards);
}

async function startNode(folder: string, port: number, bus: number): Promise<ClusterNode> {
  const options = {
    port: String(port),
    'cluster-enabled': 'yes',
    'cluster-port': String(bus),
    'cluster-node-timeout': String(NODE_TIMEOUT_MS),
    // However long a replica was out of touch, it may stand for election: tests make it lag on purpose.
    'cluster-replica-validity-factor': '0',
  };
  const process = new RedisProcess(port, folder, optionsOf(options));
  await process.start();
  const client = await process.client();
  return { process, client, id: await client.clusterMyId(), bus };
}

async function introduce(nodes: ClusterNode[], shards: Shard[]): Promise<void> {
  for (const { master, from, to } of shards) {
    await master.client.clusterAddSlotsRange({ start: from, end: to });
  }
  const [first, ...others] = nodes;
  for (const { process, bus } of others) {
    const place = ['127.0.0.1', String(process.port), String(bus)];
    await first?.client.sendCommand(['CLUSTER', 'MEET', ...place]);
  }
  await untilAll(nodes, 'all nodes have met', async ({ client }) =>
    (await client.clusterInfo()).includes(`cluster_known_nodes:${nodes.length}`),
  );
  for (const { master, replica } of shards) await replica.client.clusterReplicate(master.id);
  await untilAll(nodes, 'the cluster serves', async ({ client }) => {
    const healthy = (await client.clusterInfo()).includes('cluster_state:ok');
    const slots = await client.clusterSlots();
    return healthy && slots.length === SHARDS && slots.every((range) => range.replicas.length > 0);
  });
  for (const { replica } of shards) {
    await until('the replica has its copy', async () => {
      return (await infoOf(replica.client, 'master_link_status')) === 'up';
    });
  }
}

async function untilAll(
  nodes: ClusterNode[],
  what: string,
  ask: (node: ClusterNode) => Promise<boolean>,
): Promise<void> {
  await Promise.all(nodes.map((node) => until(what, () => ask(node), 30_000)));
}

export class RedisCluster {
  readonly nodes: ClusterNode[];
  readonly shards: Shard[];

  constructor(nodes: ClusterNode[], shards: Shard[]) {
    this.nodes = nodes;
    this.shards = shards;
  }

  /** Names two of the nodes: the others must be found by asking. */
  get url(): string {
    const named = this.nodes.slice(2, 4).map(({ process }) => process.address);
    return `redis+cluster://${named.join(',')}`;
  }

  /** A new shop whose slot is of this shard, as the cluster was created. */
  shopOn(shard: Shard): string {
    for (;;) {
      const shop = newShop();
      const slot = slotOfShop(shop);
      if (slot >= shard.from && slot <= shard.to) return shop;
    }
  }

  /** Begins to move a slot, as `redis-cli --cluster reshard` does; `step()` moves some keys, `finish()` the rest. */
  async migrate(slot: number, from: ClusterNode, to: ClusterNode): Promise<Migration> {
    await to.client.clusterSetSlot(slot, 'IMPORTING', from.id);
    await from.client.clusterSetSlot(slot, 'MIGRATING', to.id);
    return new Migration(slot, from, to);
  }
}

export class Migration {
  private readonly slot: number;
  private readonly from: ClusterNode;
  private readonly to: ClusterNode;

  constructor(slot: number, from: ClusterNode, to: ClusterNode) {
    this.slot = slot;
    this.from = from;
    this.to = to;
  }

  /** Moves at most so many keys; answers how many there were to move. */
  async step(count: number): Promise<number> {
    const keys = await this.from.client.clusterGetKeysInSlot(this.slot, count);
    const { port } = this.to.process;
    if (keys.length > 0) await this.from.client.migrate('127.0.0.1', port, keys, 0, 5_000);
    return keys.length;
  }

  async finish(): Promise<void> {
    while ((await this.step(10)) > 0);
    for (const { client } of [this.to, this.from]) {
      await client.clusterSetSlot(this.slot, 'NODE', this.to.id);
    }
  }
}

export function slotOfShop(shop: string): number {
  return slotOf(`{${shop}}`);
}
