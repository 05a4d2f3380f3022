import { beforeAll, describe, expect, it } from 'vitest';
import type { Page } from '../../src/protocol/http.js';
import type { Settings } from '../../src/protocol/settings.js';
import type { LedgerEntry } from '../../src/protocol/viewer.js';
import { untilAuditOk } from '../support/audit.js';
import { viewer } from '../support/client.js';
import { host } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';

let servers: [TestServer, TestServer];

beforeAll(async () => {
  const { url: redisUrl } = await startRedis();
  servers = [await startServer({ redisUrl }), await startServer({ redisUrl })];
});

async function opened(booking: Partial<Settings['booking']>) {
  const seller = host(servers[0]);
  const { liveId, itemId } = await seller.stage(100);
  await seller.settings({ booking });
  const ani = await viewer(servers[0], seller.shop, 'ani');
  let requests = 0;
  const book = async (quantity: number) => {
    const request = { liveId, itemId, quantity, requestId: `r${++requests}` };
    return (await ani.ask('booking:create', request)).booking.bookingId;
  };
  const ledger = async () =>
    (await seller.get<Page<LedgerEntry>>('/viewers/ani/reputation')).items.map(
      ({ delta, before, after, reason, refId }) => ({ delta, before, after, reason, refId }),
    );
  return { seller, ani, book, ledger };
}

describe('reputation', () => {
  it('falls by the penalty for each unit that the viewer cancels', async () => {
    const { seller, ani, book, ledger } = await opened({ cancelPenaltyPerItem: 7 });
    const bookingId = await book(3);
    const { booking, reputation } = await ani.ask('booking:cancel', { bookingId });
    expect({ status: booking.status, reputation }).toEqual({ status: 'cancelled', reputation: 79 });
    expect(await ani.next('reputation:changed')).toMatchObject({
      reputation: 79,
      delta: -21,
      reason: 'booking_cancelled',
    });
    expect(await ledger()).toEqual([
      { delta: -21, before: 100, after: 79, reason: 'booking_cancelled', refId: bookingId },
    ]);
    expect(await seller.viewer('ani')).toMatchObject({ reputation: 79 });
    await untilAuditOk(seller);
  });

  it('falls for the units of a part only; the rest stays held until its own deadline', async () => {
    const { seller, ani, book, ledger } = await opened({ cancelPenaltyPerItem: 5 });
    const bookingId = await book(4);
    const [held] = (await ani.ask('me:get', {})).bookings;
    const part = await ani.ask('booking:cancel', { bookingId, quantity: 1 });
    expect(part).toEqual({ booking: { ...held, quantity: 3 }, reputation: 95 });
    const rest = await ani.ask('booking:cancel', { bookingId });
    expect(rest).toEqual({
      booking: { ...held, quantity: 3, status: 'cancelled' },
      reputation: 80,
    });
    expect((await ledger()).map(({ delta, after }) => [delta, after])).toEqual([
      [-15, 80],
      [-5, 95],
    ]);
    await untilAuditOk(seller);
  });

  it('is untouched by a cancel of the host', async () => {
    const { seller, ani, book, ledger } = await opened({
      cancelPenaltyPerItem: 50,
      expiryPenaltyPerItem: 50,
    });
    const bookingId = await book(2);
    await seller.post(`/bookings/${bookingId}/cancel`);
    const { booking } = await ani.next('booking:updated', (told) => told.booking.status !== 'held');
    expect(booking).toMatchObject({ bookingId, status: 'cancelled' });
    expect(await ledger()).toEqual([]);
    expect((await ani.ask('me:get', {})).reputation).toBe(100);
    await untilAuditOk(seller);
  });

  it('falls by the expiry penalty for each unit left to time out', async () => {
    const { seller, ani, book, ledger } = await opened({
      bookingTimeoutMinutes: 0.005,
      expiryPenaltyPerItem: 4,
      cancelPenaltyPerItem: 50,
    });
    const bookingId = await book(3);
    await ani.next('booking:updated', ({ booking }) => booking.status === 'expired');
    expect(await ani.next('reputation:changed')).toMatchObject({ reputation: 88, delta: -12 });
    expect(await ledger()).toEqual([
      { delta: -12, before: 100, after: 88, reason: 'booking_expired', refId: bookingId },
    ]);
    await untilAuditOk(seller);
  });

  it('never goes below 0', async () => {
    const { seller, ani, book, ledger } = await opened({ cancelPenaltyPerItem: 40 });
    const [first, second] = [await book(2), await book(2)];
    expect((await ani.ask('booking:cancel', { bookingId: first })).reputation).toBe(20);
    expect((await ani.ask('booking:cancel', { bookingId: second })).reputation).toBe(0);
    expect((await ledger()).map(({ delta, after }) => [delta, after])).toEqual([
      [-20, 0],
      [-80, 20],
    ]);
    const third = await book(2);
    expect((await ani.ask('booking:cancel', { bookingId: third })).reputation).toBe(0);
    expect((await seller.viewer('ani'))?.reputation).toBe(0);
    await untilAuditOk(seller);
  });

  it('moves once for one cause, whoever cancels at the same time', async () => {
    const { seller, ani, book, ledger } = await opened({ cancelPenaltyPerItem: 3 });
    const elsewhere = await viewer(servers[1], seller.shop, 'ani');
    const bookings = await Promise.all(Array.from({ length: 10 }, () => book(1)));
    const acks = await Promise.all(
      bookings.flatMap((bookingId) =>
        [ani, elsewhere, ani].map((socket) => socket.emit('booking:cancel', { bookingId })),
      ),
    );
    expect(acks.filter((ack) => ack.ok)).toHaveLength(10);
    expect(await ledger()).toHaveLength(10);
    expect((await seller.viewer('ani'))?.reputation).toBe(70);
    await untilAuditOk(seller);
  });

  it('stays as it is, with nothing in the ledger, while penalties are 0', async () => {
    const { seller, ani, book, ledger } = await opened({});
    await ani.ask('booking:cancel', { bookingId: await book(2) });
    expect(await ledger()).toEqual([]);
    await untilAuditOk(seller);
  });

  it('below the shop’s minimum keeps a viewer from booking, not from watching', async () => {
    const { seller, ani, book } = await opened({ cancelPenaltyPerItem: 30, minReputation: 71 });
    const { liveId, itemId } = await seller.stage(5);
    await ani.ask('booking:cancel', { bookingId: await book(1) });
    const request = { liveId, itemId, quantity: 1, requestId: 'later' };
    expect(await ani.emit('booking:create', request)).toMatchObject({
      ok: false,
      error: { code: 'REPUTATION_TOO_LOW', details: { reputation: 70, minReputation: 71 } },
    });
    const { me } = await ani.ask('live:join', { shopId: seller.shop, liveId });
    expect(me?.reputation).toBe(70);
    await seller.settings({ booking: { minReputation: 70 } });
    expect((await ani.emit('booking:create', request)).ok).toBe(true);
  });

  it('has an entry for each end of a booking that was restored in between, also when an end cost nothing', async () => {
    const { seller, ani, book, ledger } = await opened({
      bookingTimeoutMinutes: 0.002,
      expiryPenaltyPerItem: 100,
    });
    const expired = (bookingId: string) =>
      ani.next(
        'booking:updated',
        ({ booking }) => booking.bookingId === bookingId && booking.status === 'expired',
      );
    await expired(await book(1));
    const refId = await book(1);
    await expired(refId);
    await seller.post(`/bookings/${refId}/restore`, { requestId: 'again' });
    await expired(refId);
    const nothing = { delta: 0, before: 0, after: 0, refId };
    expect((await ledger()).slice(0, 3)).toEqual([
      { ...nothing, reason: 'booking_expired' },
      { ...nothing, reason: 'booking_restored' },
      { ...nothing, reason: 'booking_expired' },
    ]);
    await untilAuditOk(seller);
  });
});
