import { describe, expect, it } from 'vitest';
import {
  Conflator,
  type LiveUpdates,
  tickFor,
} from '../../../src/transports/socket/broadcast/conflator.js';
import { atEnd } from '../../support/at-end.js';

function conflator() {
  const flushed: { room: string; updates: LiveUpdates }[] = [];
  let told = () => {};
  const made = new Conflator(
    (room, updates) => {
      flushed.push({ room, updates });
      told();
    },
    () => 1,
  );
  atEnd(() => made.close());
  const next = () =>
    new Promise<void>((resolve) => {
      told = resolve;
    });
  return { made, flushed, next };
}

const stock = (itemId: string, revision: number) => ({
  itemId,
  available: revision,
  booked: 0,
  allocated: 0,
  sold: 0,
  revision,
  waiting: 0,
  head: 1,
});

describe('conflation', () => {
  it('sends the highest revision of each item, once a tick', async () => {
    const { made, flushed, next } = conflator();
    for (const revision of [1, 3, 2]) made.stock('room', stock('a', revision));
    made.stock('room', stock('b', 5));
    await next();
    expect(flushed).toEqual([
      { room: 'room', updates: { stock: [stock('a', 3), stock('b', 5)], releases: [] } },
    ]);
  });

  it('adds up releases of one item and reason', async () => {
    const { made, flushed, next } = conflator();
    const release = { itemId: 'a', reason: 'restocked' as const, available: 1, revision: 1 };
    made.release('room', { ...release, quantity: 1 });
    made.release('room', { ...release, quantity: 2, available: 3, revision: 2 });
    made.release('room', { ...release, quantity: 4, reason: 'booking_expired' });
    await next();
    expect(flushed[0]?.updates.releases).toEqual([
      { ...release, quantity: 3, available: 3, revision: 2 },
      { ...release, quantity: 4, reason: 'booking_expired' },
    ]);
  });

  it('is slower the more watch: 20 frames a second for a few, 6 for thousands', () => {
    expect([0, 1, 500, 1_000, 5_000, 10_000, 100_000].map(tickFor)).toEqual([
      55, 55, 55, 110, 150, 300, 600,
    ]);
  });
});
