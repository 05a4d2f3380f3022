import type { LIVE_COMMANDS } from '../../protocol/commands.js';
import { AppError } from '../../protocol/errors.js';
import type { RedisClock } from '../../services/redis-clock.js';
import { bookerOf } from '../identity.js';
import type { Services } from '../services.js';
import { withTimeLimit } from '../underway.js';
import type { BookingAcks } from './broadcast/booking-acks.js';
import type { Publisher } from './broadcast/publisher.js';
import { type Handlers, JsonData, pingHandler } from './commands.js';
import type { Membership } from './membership.js';

/** The most lives that one socket may be in: a page shows one. */
const MAX_LIVES = 20;

/** What viewers may ask on `/live`. */
export function liveHandlers(
  services: Services,
  publisher: Publisher,
  membership: Membership,
  acks: BookingAcks,
  clock: RedisClock,
): Handlers<typeof LIVE_COMMANDS> {
  const { bookings, orders, snapshots, viewers, waitlist } = services;
  return {
    'live:join': async ({ socket, identity }, { shopId, liveId }) => {
      const viewer =
        identity?.role === 'viewer' && identity.expiresAt > Date.now() ? identity : undefined;
      if (identity && identity.shopId !== shopId)
        throw new AppError('FORBIDDEN', { shopId: 'is not the shop of the token' });
      if (socket.data.lives.size >= MAX_LIVES && !socket.data.lives.has(liveId)) {
        throw new AppError('VALIDATION', {
          liveId: `is one live too many; leave one of ${MAX_LIVES}`,
        });
      }
      const wasIn = socket.data.lives.has(liveId);
      // What is not there is not followed either: anyone may ask for any name.
      if (!publisher.isWatched(shopId, liveId)) await snapshots.forViewer(shopId, liveId);
      // The room first and the snapshot after it: whatever is committed later is also published later.
      await membership.join(socket, shopId, liveId);
      const [snapshot, me] = await Promise.all([
        snapshots.forViewer(shopId, liveId),
        viewer && viewers.me(shopId, bookerOf(viewer)),
      ]).catch((error: unknown) => {
        if (!wasIn) membership.leave(socket, shopId, liveId);
        throw error;
      });
      publisher.trackItems(shopId, snapshot.live);
      return me ? { ...snapshot, me } : snapshot;
    },

    'live:leave': async ({ socket }, { liveId }) => {
      const shopId = socket.data.lives.get(liveId);
      if (shopId !== undefined) membership.leave(socket, shopId, liveId);
      return {};
    },

    'booking:create': async ({ socket, identity }, request) => {
      // The time limit is here, so that a booking made after it was answered with an error is published.
      const { booking, json } = await withTimeLimit(
        bookings.create(identity.shopId, bookerOf(identity), request),
      );
      acks.answered(socket.id, booking.bookingId, json.booking);
      return new JsonData(`{"booking":${json.booking},"item":${json.item}}`);
    },

    'booking:cancel': ({ identity }, request) =>
      bookings.cancel(identity.shopId, identity.id, request),

    'waitlist:join': ({ identity }, request) =>
      waitlist.join(identity.shopId, bookerOf(identity), request),

    'waitlist:leave': async ({ identity }, { entryId }) => ({
      entry: await waitlist.leave(identity.shopId, identity.id, entryId),
    }),

    'checkout:start': async ({ identity }) => ({
      checkout: await orders.startCheckout(identity.shopId, identity.id),
    }),

    'checkout:leave': async ({ identity }, { checkoutId }) => {
      await orders.leaveCheckout(identity.shopId, identity.id, checkoutId);
      return {};
    },

    'order:place': async ({ identity }, request) => ({
      order: await orders.place(identity.shopId, identity.id, request),
    }),

    'order:pay': async ({ identity }, request) => ({
      order: await orders.pay(identity.shopId, identity.id, request.orderId, request.paymentMethod),
    }),

    'order:transferred': async ({ identity }, { orderId }) => ({
      order: await orders.claimTransfer(identity.shopId, identity.id, orderId),
    }),

    'order:cancel': ({ identity }, { orderId }) =>
      orders.cancel(identity.shopId, identity.id, orderId),

    'me:get': ({ identity }) => viewers.me(identity.shopId, bookerOf(identity)),

    'me:update': ({ identity }, { recipient }) =>
      viewers.remember(identity.shopId, bookerOf(identity), recipient),

    ping: pingHandler(clock),
  };
}
