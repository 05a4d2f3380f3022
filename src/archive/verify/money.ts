import { orderIds, orderOf, type RawOrder } from '../../store/orders.js';
import { readRecords } from '../../store/records.js';
import { confirmed, type Difference, type Sides, untilArchived } from './compare.js';

/** Orders compared at once. */
const STEP = 100;

/** What an order comes to, what came in for it, and what has to go back or has gone. */
interface Money {
  status: string;
  total: number;
  paymentId: string;
  payments: Map<string, { status: string; amount: number; mismatch: boolean }>;
  refunds: Map<string, { paymentId: string; status: string; amount: number }>;
}

interface Archived extends Money {
  hasLeft: boolean;
  /** What its lines, PPN and fees add up to. */
  sum: number;
}

/** Rebuilds the money of every order from the archive's lines, payments and refunds. */
export async function verifyMoney(sides: Sides): Promise<{ orders: number; problems: string[] }> {
  const { store, shopId } = sides;
  const problems: string[] = [];
  for (let start = 0; ; start += STEP) {
    const ids = await orderIds(store, shopId, start, STEP);
    if (ids.length === 0) break;
    problems.push(...(await confirmed(ids, (part) => missingOf(sides, part))));
  }
  let orders = 0;
  for (let after = ''; ; ) {
    const ids = await archivedIds(sides, after);
    const last = ids.at(-1);
    if (last === undefined) return { orders, problems };
    problems.push(...(await confirmed(ids, (part) => compare(sides, part))));
    orders += ids.length;
    after = last;
  }
}

async function missingOf(sides: Sides, ids: string[]): Promise<Map<string, Difference>> {
  const { db, shopId } = sides;
  await untilArchived(sides);
  const rows = await db
    .selectFrom('orders')
    .select('order_id')
    .where('shop_id', '=', shopId)
    .where('order_id', 'in', ids)
    .where('lost_at', 'is', null)
    .execute();
  const known = new Set(rows.map(({ order_id }) => order_id));
  const missing = ids.filter((id) => !known.has(id));
  const problemOf = (id: string) => ({
    live: '',
    problems: [`order ${id}: the archive lacks it`],
  });
  return new Map(missing.map((id) => [id, problemOf(id)]));
}

async function archivedIds({ db, shopId }: Sides, after: string): Promise<string[]> {
  const rows = await db
    .selectFrom('orders')
    .select('order_id')
    .where('shop_id', '=', shopId)
    .where('order_id', '>', after)
    .where('lost_at', 'is', null)
    .orderBy('order_id')
    .limit(STEP)
    .execute();
  return rows.map(({ order_id }) => order_id);
}

async function compare(sides: Sides, ids: string[]): Promise<Map<string, Difference>> {
  const { store, shopId } = sides;
  const none = { bookings: [], notices: [], refunds: [], ledgers: [], restocks: [] };
  const { orders: live } = await readRecords(store, shopId, { ...none, orders: ids });
  await untilArchived(sides);
  const archived = await archivedMoney(sides, ids);
  const different = new Map<string, Difference>();
  for (const [id, money] of archived) {
    const raw = live[id];
    const problems = ruleBreaks(money).map((text) => `order ${id}: in the archive ${text}`);
    if (raw) problems.push(...differences(id, liveMoney(raw), money));
    else if (!money.hasLeft) problems.push(`order ${id}: is in Redis no more`);
    const seen = raw ? JSON.stringify(raw) : '';
    if (problems.length > 0) different.set(id, { live: seen, problems });
  }
  return different;
}

function liveMoney(raw: RawOrder): Money {
  const { order } = orderOf(raw);
  const payments = Object.entries(raw.payments).map(
    ([id, { status = '', amount, mismatch }]) =>
      [id, { status, amount: Number(amount), mismatch: mismatch !== undefined }] as const,
  );
  const refunds = Object.entries(raw.refunds).map(([id, text]) => {
    const { paymentId, status, amount } = JSON.parse(text);
    return [id, { paymentId, status, amount }] as const;
  });
  const { status, total } = order;
  const { paymentId = '' } = raw.fields;
  return { status, total, paymentId, payments: new Map(payments), refunds: new Map(refunds) };
}

function differences(id: string, live: Money, archived: Money): string[] {
  const problems: string[] = [];
  const hold = (what: string, one: unknown, other: unknown) => {
    if (one !== other)
      problems.push(
        `order ${id}: ${what} is ${one ?? 'missing'}, by the archive ${other ?? 'missing'}`,
      );
  };
  hold('status', live.status, archived.status);
  hold('total', live.total, archived.total);
  hold('its payment', live.paymentId, archived.paymentId);
  for (const kind of ['payments', 'refunds'] as const) {
    for (const name of new Set([...live[kind].keys(), ...archived[kind].keys()])) {
      const [one, other] = [live[kind].get(name), archived[kind].get(name)];
      hold(`the status of ${name}`, one?.status, other?.status);
      hold(`the amount of ${name}`, one?.amount, other?.amount);
    }
  }
  return problems;
}

/** What must be true of an order's money whatever happened, judged as the audit does in Redis (`audit_orders.lua`). */
function ruleBreaks({ status, total, sum, paymentId, payments, refunds }: Archived): string[] {
  const found: string[] = [];
  if (sum !== total)
    found.push(`its lines, PPN and fees add up to ${sum}, and its total is ${total}`);
  const own = payments.get(paymentId);
  if (status === 'paid' && total > 0 && own?.status !== 'paid')
    found.push(`it is paid, and ${paymentId} is ${own?.status ?? 'missing'}`);
  const back = new Map<string, number>();
  for (const { paymentId: of, amount } of refunds.values())
    back.set(of, (back.get(of) ?? 0) + amount);
  for (const [id, { status: state, amount, mismatch }] of payments) {
    const pays = status === 'paid' && id === paymentId;
    if (state === 'paid' && !pays && (back.get(id) ?? 0) !== amount)
      found.push(`${amount} of ${id} is neither its own nor paid back`);
    if (mismatch && !back.has(id)) found.push(`${id} was of another amount and is in no refund`);
  }
  return found;
}

async function archivedMoney(sides: Sides, ids: string[]): Promise<Map<string, Archived>> {
  const { db, shopId } = sides;
  const [orders, lines, payments, refunds] = await Promise.all([
    db
      .selectFrom('orders')
      .select(['order_id', 'status', 'total', 'payment_id', 'left_redis_at'])
      .select(['prices_include_ppn', 'ppn', 'shipping_fee', 'service_fee'])
      .where('shop_id', '=', shopId)
      .where('order_id', 'in', ids)
      .where('lost_at', 'is', null)
      .execute(),
    db
      .selectFrom('order_lines')
      .select(['order_id', ({ fn }) => fn.sum<number>('line_total').as('total')])
      .where('shop_id', '=', shopId)
      .where('order_id', 'in', ids)
      .where('lost_at', 'is', null)
      .groupBy('order_id')
      .execute(),
    db
      .selectFrom('payments')
      .select(['order_id', 'payment_id', 'status', 'amount', 'record'])
      .where('shop_id', '=', shopId)
      .where('order_id', 'in', ids)
      .where('lost_at', 'is', null)
      .execute(),
    db
      .selectFrom('refunds')
      .select(['order_id', 'refund_id', 'payment_id', 'status', 'amount'])
      .where('shop_id', '=', shopId)
      .where('order_id', 'in', ids)
      .where('lost_at', 'is', null)
      .execute(),
  ]);
  const money = new Map<string, Archived>();
  for (const row of orders) {
    const ofLines = lines.find(({ order_id }) => order_id === row.order_id)?.total ?? 0;
    const ppn = row.prices_include_ppn ? 0 : row.ppn;
    money.set(row.order_id, {
      status: row.status,
      total: row.total,
      paymentId: row.payment_id ?? '',
      hasLeft: row.left_redis_at !== null,
      sum: ofLines + ppn + row.shipping_fee + row.service_fee,
      payments: new Map(),
      refunds: new Map(),
    });
  }
  for (const { order_id, payment_id, status, amount, record } of payments) {
    const mismatch = (record as Record<string, string>).mismatch !== undefined;
    money.get(order_id)?.payments.set(payment_id, { status, amount, mismatch });
  }
  for (const { order_id, refund_id, payment_id, status, amount } of refunds)
    money.get(order_id)?.refunds.set(refund_id, { paymentId: payment_id, status, amount });
  return money;
}
