import type { Booking } from '../../src/protocol/booking.js';
import type { Page } from '../../src/protocol/http.js';
import type { ItemView } from '../../src/protocol/item.js';
import type { Order } from '../../src/protocol/order.js';
import { type Host, host } from '../../test/support/host.js';

/** Few, some and plenty: most of the time something is sold out. */
const STOCKS = [6, 20, 100, 400];
/** Holds, checkouts and unpaid orders run out while a fault lasts, minutes. */
const HOLD = 0.02;
const CHECKOUT = 0.02;
const UNPAID = 0.03;

/** A live that is on, in a shop where everything runs out within two seconds. */
export interface Market {
  host: Host;
  shopId: string;
  liveId: string;
  itemIds: string[];
  /** Units of each item that there are in all. */
  totals: Record<string, number[]>;
}

/** Opens another live with items of its own. @param shopId undefined: in a new shop */
export async function openMarket(url: string, shopId?: string): Promise<Market> {
  const seller = host({ url }, shopId);
  const limits = { bookingTimeoutMinutes: HOLD, cancelPenaltyPerItem: 2 };
  await seller.settings({
    booking: { ...limits, expiryPenaltyPerItem: 1, paidRewardPerItem: 3 },
    order: { checkoutTimeoutMinutes: CHECKOUT, onlineCheckoutAutoExpireMinutes: UNPAID },
  });
  const { liveId, items } = await seller.stage(...STOCKS);
  const itemIds = items.map(({ itemId }) => itemId);
  const totals = Object.fromEntries(items.map((item) => [item.itemId, [item.available]]));
  return { host: seller, shopId: seller.shop, liveId, itemIds, totals };
}

/** All bookings of the live, or all orders of the shop. */
export async function readAll<Row extends Booking | Order>(
  { host: seller }: Market,
  path: string,
): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const separator = path.includes('?') ? '&' : '?';
    const from = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: Page<Row> = await seller.get(`${path}${separator}limit=200${from}`);
    rows.push(...page.items);
    cursor = page.nextCursor;
  }
  return rows;
}

export async function readStock({ host: seller, itemIds }: Market): Promise<ItemView[]> {
  return Promise.all(itemIds.map((itemId) => seller.item(itemId)));
}
