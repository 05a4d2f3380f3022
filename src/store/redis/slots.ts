import { nodeName } from './address.js';
import type { RedisNode } from './connection.js';

const SLOTS = 16_384;
const CRC = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
  return crc;
});

/** The cluster slot of a key: CRC16 of its hash tag, the part between the first { and the next }, or of all of it. */
export function slotOf(key: string): number {
  const start = key.indexOf('{');
  const end = key.indexOf('}', start + 1);
  const tag = start >= 0 && end > start + 1 ? key.slice(start + 1, end) : key;
  let crc = 0;
  for (const byte of Buffer.from(tag)) crc = ((crc << 8) ^ (CRC[(crc >> 8) ^ byte] ?? 0)) & 0xffff;
  return crc % SLOTS;
}

/** Who has what, as one node of the cluster sees it. */
export interface ClusterView {
  /** Whether that node finds the cluster fit to serve: one that is cut off from the others does not. */
  ok: boolean;
  /** Address of the master, by slot. */
  owners: (string | undefined)[];
  masters: Set<string>;
  replicas: Set<string>;
}

export async function viewOfCluster(node: RedisNode, askedHost: string): Promise<ClusterView> {
  const [info, ranges] = await Promise.all([node.clusterInfo(), node.clusterSlots()]);
  const view: ClusterView = {
    ok: String(info).includes('cluster_state:ok'),
    owners: new Array(SLOTS),
    masters: new Set(),
    replicas: new Set(),
  };
  // A node that does not know its own address leaves the host empty.
  const name = ({ host, port }: { host: string; port: number }) =>
    nodeName(host || askedHost, port);
  for (const { from, to, master, replicas } of ranges) {
    const owner = name(master);
    view.masters.add(owner);
    for (const replica of replicas) view.replicas.add(name(replica));
    view.owners.fill(owner, from, to + 1);
  }
  return view;
}
