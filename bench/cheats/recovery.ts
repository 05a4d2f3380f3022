import { shopKey } from '../../src/store/keys.js';
import { host } from '../../test/support/host.js';
import { signToken } from '../../test/support/tokens.js';
import { Random } from '../faults/random.js';
import type { StoreProcess } from '../faults/rig/store.js';
import { EveningClock } from './clock.js';
import { Person } from './person.js';
import { inEveningTime, type Setup } from './setups.js';

/** How an honest viewer who let one booking lapse comes back to what they may do. */
export interface Recovery {
  /** Points that the slip cost. */
  lost: number;
  /** Days in which nothing more was lost until the rights were as before, and until all points were back. */
  daysToRights: number;
  daysToAll: number;
  /** What `recoveryPerDay` says: the points lost divided by it, rounded up. */
  promised: number;
}

const DAY_MS = 86_400_000;
const MOST_DAYS = 30;

/**
 * One slip of two units, then quiet days. Nobody waits for days here: the moment of the loss is moved back in the Redis of
 * this simulation, a day at a time, and the server looks at it by its own clock.
 */
export async function playRecovery(
  url: string,
  store: StoreProcess,
  setup: Setup,
  minuteMs: number,
): Promise<Recovery> {
  const seller = host({ url });
  const clock = new EveningClock(minuteMs);
  await seller.settings(inEveningTime(setup.settings, clock));
  const { liveId, itemId } = await seller.stage(10);
  const evening = { url, shopId: seller.shop, liveId, clock, random: new Random(0), over: false };
  const person = new Person('slipped', evening, () => {});
  const claims = { sub: 'slipped', shop: seller.shop, role: 'viewer' as const, name: 'Ani' };
  await person.arrive(signToken(claims));
  const before = (await person.me()).rights.maxBookings;
  const lapsed = new Promise<void>((resolve) => {
    person.habits = { lapsed: async () => resolve() };
  });
  await person.grab(itemId, 2);
  await lapsed;
  const slipped = await person.me();
  const lost = 100 - slipped.reputation;
  let [days, daysToRights] = [0, -1];
  let me = slipped;
  for (; days <= MOST_DAYS; days++) {
    if (daysToRights < 0 && me.rights.maxBookings === before && me.rights.mayBook)
      daysToRights = days;
    if (me.reputation === 100) break;
    const key = `${shopKey(seller.shop)}:viewer:slipped`;
    await store.ask((client) => client.hIncrBy(key, 'quietSince', -DAY_MS));
    me = await person.me();
  }
  person.leave();
  const { recoveryPerDay } = setup.settings.booking;
  return {
    lost,
    daysToRights,
    daysToAll: me.reputation === 100 ? days : -1,
    promised: recoveryPerDay === 0 ? 0 : Math.ceil(lost / recoveryPerDay),
  };
}
