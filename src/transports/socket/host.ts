import { HostLiveJoinSchema, LiveLeaveSchema } from '../../protocol/snapshot.js';
import type { Services } from '../services.js';
import type { Attendance } from './attendance.js';
import { command, type Handler } from './commands.js';
import type { Publisher } from './publisher.js';

/** What hosts may ask on `/host`; everything that changes something goes over HTTP. */
export function hostHandlers(
  services: Services,
  publisher: Publisher,
  attendance: Attendance,
): Record<string, Handler> {
  return {
    'live:join': command('host', HostLiveJoinSchema, async ({ socket, identity }, { liveId }) => {
      const wasIn = socket.data.lives.has(liveId);
      await attendance.join(socket, identity.shopId, liveId);
      try {
        const snapshot = await services.snapshots.forHost(identity.shopId, liveId);
        publisher.know(identity.shopId, snapshot.live);
        return snapshot;
      } catch (error) {
        if (!wasIn) attendance.leave(socket, identity.shopId, liveId);
        throw error;
      }
    }),

    'live:leave': command('host', LiveLeaveSchema, async ({ socket, identity }, { liveId }) => {
      attendance.leave(socket, identity.shopId, liveId);
      return {};
    }),
  };
}
