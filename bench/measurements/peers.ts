import type { Effort, Line } from '../report/lines.js';
import { installPeers, leftOut } from '../rig/peer-packages.js';
import { measureBroadcasts } from './peers/broadcast.js';
import { measureDueJobs } from './peers/due-jobs.js';
import { measureOneItem } from './peers/one-item.js';

/** What others are known for, each in its own discipline, beside Livehold doing the same and the rest of its work. */
export async function measurePeers(effort: Effort): Promise<Line[]> {
  const lines = await tried('PostgreSQL', () => measureOneItem(effort));
  const missing = installPeers();
  if (missing !== undefined) {
    leftOut('BullMQ, Socket.IO over two servers and Colyseus', missing);
    return lines;
  }
  lines.push(...(await tried('BullMQ', () => measureDueJobs(effort))));
  lines.push(
    ...(await tried('Socket.IO over two servers and Colyseus', () => measureBroadcasts(effort))),
  );
  return lines;
}

/** What cannot be measured here takes nothing away from the rest. */
async function tried(who: string, take: () => Promise<Line[]>): Promise<Line[]> {
  try {
    return await take();
  } catch (error) {
    leftOut(who, error instanceof Error ? error.message : String(error));
    return [];
  }
}
