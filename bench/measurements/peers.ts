import type { Effort, Line } from '../report/lines.js';
import { installPeers, leftOut } from '../rig/peer-packages.js';
import { measureBroadcasts } from './peers/broadcast.js';
import { measureDueJobs } from './peers/due-jobs.js';
import { measureOneItem } from './peers/one-item.js';

/** What others are known for, each in its own discipline, beside Livehold doing the same and the rest of its work. */
export async function measurePeers(effort: Effort): Promise<Line[]> {
  const lines = await measureOneItem(effort);
  const missing = installPeers();
  if (missing !== undefined) {
    leftOut('BullMQ, Socket.IO over two servers and Colyseus', missing);
    return lines;
  }
  return [...lines, ...(await measureDueJobs(effort)), ...(await measureBroadcasts(effort))];
}
