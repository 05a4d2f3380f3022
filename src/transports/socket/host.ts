import type { HOST_COMMANDS } from '../../protocol/commands.js';
import type { RedisClock } from '../../services/redis-clock.js';
import type { Services } from '../services.js';
import type { Publisher } from './broadcast/publisher.js';
import { type Handlers, pingHandler } from './commands.js';
import type { Membership } from './membership.js';

/** What hosts may ask on `/host`; everything that changes something goes over HTTP. */
export function hostHandlers(
  services: Services,
  publisher: Publisher,
  membership: Membership,
  clock: RedisClock,
): Handlers<typeof HOST_COMMANDS> {
  return {
    'live:join': async ({ socket, identity }, { liveId }) => {
      const wasIn = socket.data.lives.has(liveId);
      await membership.join(socket, identity.shopId, liveId);
      try {
        const snapshot = await services.snapshots.forHost(identity.shopId, liveId);
        publisher.trackItems(identity.shopId, snapshot.live);
        return snapshot;
      } catch (error) {
        if (!wasIn) membership.leave(socket, identity.shopId, liveId);
        throw error;
      }
    },

    'live:leave': async ({ socket, identity }, { liveId }) => {
      membership.leave(socket, identity.shopId, liveId);
      return {};
    },

    ping: pingHandler(clock),
  };
}
