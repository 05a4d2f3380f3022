import { allItemIds } from '../../store/items.js';
import { type Sides, untilArchived } from './compare.js';
import { verifyLosses } from './losses.js';
import { verifyMoney } from './money.js';
import { verifyReputations } from './reputations.js';
import { verifyItem } from './stock.js';

export interface Verdict {
  shopId: string;
  items: number;
  viewers: number;
  orders: number;
  /** Every difference, in one line each. */
  problems: string[];
}

/** Rebuilds a shop's stock, reputations and money from the archive and names what differs from Redis, while it sells. */
export async function verifyShop(sides: Sides): Promise<Verdict> {
  const { store, shopId } = sides;
  await untilArchived(sides);
  const problems: string[] = [];
  const itemIds = await allItemIds(store, shopId);
  for (const itemId of itemIds) problems.push(...(await verifyItem(sides, itemId)));
  const reputations = await verifyReputations(sides);
  const money = await verifyMoney(sides);
  problems.push(...reputations.problems, ...money.problems, ...(await verifyLosses(sides)));
  return {
    shopId,
    items: itemIds.length,
    viewers: reputations.viewers,
    orders: money.orders,
    problems,
  };
}
