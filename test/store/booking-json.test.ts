import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BookingSchema } from '../../src/protocol/booking.js';
import { jsonOfNew } from '../../src/store/booking-batches.js';

const id = fc.stringMatching(/^[A-Za-z0-9_.:@+|-]{1,128}$/);
const whole = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });

it('prints a new booking as JSON.stringify does', () => {
  const booking = fc.record({
    bookingId: id,
    liveId: id,
    itemId: id,
    viewerId: id,
    quantity: fc.integer({ min: 1, max: 1_000 }),
    unitPrice: fc.nat(),
    status: fc.constant('held' as const),
    sequence: whole,
    createdAt: whole,
    expiresAt: whole,
    source: fc.constantFrom('viewer' as const, 'host' as const),
  });
  fc.assert(
    fc.property(booking, (one) => {
      expect(jsonOfNew(one)).toBe(JSON.stringify(one));
      // A field that is new must be printed as well.
      expect(Object.keys(JSON.parse(jsonOfNew(one)))).toEqual(Object.keys(BookingSchema.shape));
    }),
  );
});
