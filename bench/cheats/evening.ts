import type { Page } from '../../src/protocol/http.js';
import type { Order } from '../../src/protocol/order.js';
import { type Host, host } from '../../test/support/host.js';
import { Random } from '../faults/random.js';
import { EveningClock } from './clock.js';
import { arrive, type Groups, KINDS, type Kind, type Numbers } from './crowd.js';
import type { Evening } from './person.js';
import { inEveningTime, SETUPS, type Setup } from './setups.js';

/** What is shown this evening, in its own minutes. */
export interface Plan {
  minuteMs: number;
  /** New guests that one address may have an hour. */
  guestsPerAddress: number;
  numbers: Numbers;
  items: number;
  /** Units of each item when it is shown, and those that come in addition later. */
  stock: number;
  restock: number;
  /** From one item to the next. */
  gap: number;
  /** After the last item, for what is held to be paid or to lapse. */
  rest: number;
}

/** What those of one kind had in the end. */
export interface Share {
  kind: Kind;
  accounts: number;
  /** Units paid. */
  paid: number;
  /** The most units at once that they kept from everybody else without paying. */
  most: number;
  /** The same of one item. */
  mostOfItem: number;
  /** Hours in which a unit was kept so. */
  idleHours: number;
  /** Accounts that may not book any more. */
  barred: number;
}

export interface Outcome {
  setup: string;
  units: number;
  shares: Share[];
  /** What honest viewers wished for and did not get, of how many wishes; and how many of them got nothing. */
  unmet: number;
  wishes: number;
  without: number;
  paid: number;
  auditOk: boolean;
}

const RESTOCK_AFTER = 2;

/** One evening of one shop, with everybody in it. */
export async function playEvening(
  url: string,
  setup: Setup,
  plan: Plan,
  seed: string,
): Promise<Outcome> {
  const seller = host({ url });
  const random = new Random(seed, setup.name);
  await seller.settings(inEveningTime(setup.settings, new EveningClock(plan.minuteMs)));
  const { liveId, items } = await seller.stage(...Array.from({ length: plan.items }, () => 0));
  const itemIds = items.map(({ itemId }) => itemId);
  const clock = new EveningClock(plan.minuteMs);
  const evening: Evening = { url, shopId: seller.shop, liveId, clock, random, over: false };
  const groups = await arrive(evening, {
    numbers: plan.numbers,
    honest: setup.honest,
    itemIds,
    network: SETUPS.indexOf(setup),
    farmShare: setup.settings.order.maxItemQuantity || plan.stock,
  });
  await show(seller, evening, itemIds, groups, plan);
  evening.over = true;
  for (const { people } of Object.values(groups)) for (const person of people) person.settle();
  const outcome = await lookBack(seller, setup, plan, groups);
  for (const { people } of Object.values(groups)) for (const person of people) person.leave();
  return outcome;
}

/** Item after item: its units come into stock as it is shown, a few more later. */
async function show(
  seller: Host,
  { liveId, clock }: Evening,
  itemIds: string[],
  groups: Groups,
  plan: Plan,
): Promise<void> {
  const began = clock.now;
  const everybody = Object.values(groups).flatMap(({ people }) => people);
  for (const [n, itemId] of itemIds.entries()) {
    await clock.until(began + n * plan.gap);
    await seller.patch(`/lives/${liveId}`, { pinnedItemId: itemId });
    await seller.restock(itemId, plan.stock);
    for (const person of everybody) void person.habits.shown?.(itemId);
    await clock.until(began + n * plan.gap + RESTOCK_AFTER);
    await seller.restock(itemId, plan.restock);
  }
  await clock.until(began + itemIds.length * plan.gap + plan.rest);
}

async function lookBack(seller: Host, setup: Setup, plan: Plan, groups: Groups): Promise<Outcome> {
  const paid = await paidUnits(seller);
  const unitsOf = (viewerId: string) =>
    [...(paid.get(viewerId)?.values() ?? [])].reduce((sum, units) => sum + units, 0);
  const shares: Share[] = [];
  for (const kind of Object.keys(KINDS) as Kind[]) {
    const { people, most, mostOfItem } = groups[kind];
    const rights = await Promise.all(people.map(async (person) => (await person.me()).rights));
    shares.push({
      kind,
      accounts: people.length,
      paid: people.reduce((sum, { viewerId }) => sum + unitsOf(viewerId), 0),
      most,
      mostOfItem,
      idleHours: people.reduce((sum, { idle }) => sum + idle, 0) / 60,
      barred: rights.filter(({ mayBook }) => !mayBook).length,
    });
  }
  const wishes = [...groups.honest.wishes];
  const met = wishes.map(
    ([viewerId, items]) => [...items].filter((itemId) => paid.get(viewerId)?.has(itemId)).length,
  );
  const wished = wishes.reduce((sum, [, items]) => sum + items.size, 0);
  return {
    setup: setup.name,
    units: plan.items * (plan.stock + plan.restock),
    shares,
    wishes: wished,
    unmet: wished - met.reduce((sum, count) => sum + count, 0),
    without: met.filter((count) => count === 0).length,
    paid: shares.reduce((sum, share) => sum + share.paid, 0),
    auditOk: (await seller.audit()).ok,
  };
}

/** By viewer and item, as the server keeps it. */
async function paidUnits(seller: Host): Promise<Map<string, Map<string, number>>> {
  const paid = new Map<string, Map<string, number>>();
  for (let cursor: string | null = ''; cursor !== null; ) {
    const from = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: Page<Order> = await seller.get(`/orders?status=paid&limit=200${from}`);
    for (const { viewerId, lines } of page.items) {
      const theirs = paid.get(viewerId) ?? new Map<string, number>();
      paid.set(viewerId, theirs);
      for (const { itemId, quantity } of lines)
        theirs.set(itemId, (theirs.get(itemId) ?? 0) + quantity);
    }
    cursor = page.nextCursor;
  }
  return paid;
}
