import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Booking } from '../../../src/protocol/booking.js';
import { BookingAcks } from '../../../src/transports/socket/broadcast/booking-acks.js';

const BOOKING: Booking = {
  bookingId: 'bk_1',
  liveId: 'l',
  itemId: 'i',
  viewerId: 'ani',
  quantity: 2,
  unitPrice: 10,
  status: 'held',
  sequence: 1,
  createdAt: 1,
  expiresAt: 2,
  source: 'viewer',
};
const MADE = JSON.stringify({ booking: BOOKING });
const ENDED = JSON.stringify({ booking: { ...BOOKING, status: 'expired' } });

/** What the socket that made the booking is told, in order, when events and the answer come in this order. */
function told(acks = new BookingAcks()) {
  const heard: string[] = [];
  const event = (payload: string) => {
    const tell = () => heard.push(payload);
    if (!acks.withholds('socket', BOOKING.bookingId, payload, tell)) tell();
  };
  return { acks, heard, event };
}

const answered = (booking: Booking, repeated: boolean) => ({
  json: { booking: JSON.stringify(booking) },
  repeated,
});
const answer = (repeated = false) => Promise.resolve(answered(BOOKING, repeated));
const make = (acks: BookingAcks, result: () => Promise<ReturnType<typeof answered>>) =>
  acks.answering('socket', BOOKING.bookingId, result);

describe('the socket that made a booking', () => {
  it('is not told what its answer says, and is told the end', async () => {
    const { acks, heard, event } = told();
    await make(acks, () => answer());
    event(MADE);
    event(ENDED);
    expect(heard).toEqual([ENDED]);
  });

  it('nor when the event comes before the answer', async () => {
    const { acks, heard, event } = told();
    await make(acks, async () => {
      event(MADE);
      event(ENDED);
      return answer();
    });
    expect(heard).toEqual([ENDED]);
  });

  it('is told when the command failed though the booking was made, whichever comes first', async () => {
    const failure = () => Promise.reject(new Error('no answer'));
    const early = told();
    await expect(
      make(early.acks, async () => {
        early.event(MADE);
        return failure();
      }),
    ).rejects.toThrow();
    const late = told();
    await expect(make(late.acks, failure)).rejects.toThrow();
    late.event(MADE);
    expect([early.heard, late.heard]).toEqual([[MADE], [MADE]]);
  });

  it('is told whatever differs from its answer: the end that a repeat met, a part cancelled', async () => {
    const { acks, heard, event } = told();
    await make(acks, async () => {
      event(ENDED);
      return answer(true);
    });
    await make(acks, () => answer(true));
    event(MADE);
    expect(heard).toEqual([ENDED, MADE]);
  });

  it('is told an end at once, before whatever comes after it, though the command is being repeated', async () => {
    const { acks, heard, event } = told();
    await make(acks, async () => {
      event(ENDED);
      expect(heard).toEqual([ENDED]);
      return answered({ ...BOOKING, status: 'expired' }, true);
    });
    expect(heard).toEqual([ENDED]);
  });

  it('is told of a booking that Redis lost and that a repeat made anew', async () => {
    const { acks, heard, event } = told();
    await make(acks, () => answer());
    const again = JSON.stringify({ booking: { ...BOOKING, createdAt: 3 } });
    event(again);
    expect(heard).toEqual([again]);
  });

  it('is not told what one of its commands was answered, whatever else runs under the same request', async () => {
    const running = fc.array(fc.constantFrom('same', 'other'), { minLength: 1, maxLength: 4 });
    const property = fc.asyncProperty(fc.scheduler(), running, async (scheduler, commands) => {
      const { acks, heard, event } = told();
      const turn = (name: string) => scheduler.schedule(Promise.resolve(), name);
      const committed: Booking[] = [];
      let followed = Promise.resolve();
      const commit = (booking: Booking) => {
        committed.push(booking);
        followed = followed
          .then(() => turn('follow'))
          .then(() => event(JSON.stringify({ booking })));
      };
      const command = (kind: string) =>
        make(acks, async () => {
          await turn('commit');
          const repeated = committed.length > 0;
          if (repeated && kind === 'other') throw new Error('another under the same request');
          if (!repeated) commit(BOOKING);
          const booking = committed.at(-1) as Booking;
          await turn('answer');
          return answered(booking, repeated);
        }).catch(() => {});
      const done = Promise.all(commands.map((kind) => turn('send').then(() => command(kind))));
      const end = turn('end').then(() => {
        if (committed.length > 0) commit({ ...BOOKING, status: 'expired' });
      });
      await scheduler.waitFor(Promise.all([done, end]).then(() => followed));
      expect(heard.filter((payload) => payload === MADE)).toEqual([]);
      const ends = heard.filter((payload) => payload === ENDED).length;
      expect(ends).toBe(committed.length < 2 ? 0 : 1);
    });
    await fc.assert(property, { numRuns: 500 });
  });
});
