import { setTimeout as delay } from 'node:timers/promises';
import { shopKey } from '../../../src/store/keys.js';
import { lastingDifferences } from '../../../test/archive/compare.js';
import type { Finding } from '../guarantees.js';
import type { Scene } from '../scene.js';
import { NOTHING_LOST, type Witnesses } from './records.js';

/** A lease of a server that died, and connections to a database that stood still, have their time. */
const CAUGHT_UP_WITHIN_MS = 40_000;
const LOOK_EVERY_MS = 100;
const MONEY_KEPT = ['paid', 'needs_refund', 'refunded'];

/** Holds the archive against Redis, record for record and event for event, and against the clients' own records. */
export async function judgeArchive(witnesses: Witnesses): Promise<Finding[]> {
  const { scene } = witnesses;
  if (!scene.database) return [];
  const behind = await catchUp(scene);
  const seen = behind ?? [...(await againstRedis(scene)), ...(await againstClients(witnesses))];
  return seen.map((detail) => ({ guarantee: 'archived', detail }));
}

/** Undefined when the archive has come to the end of the event stream. */
async function catchUp({ store, shopId }: Scene): Promise<string[] | undefined> {
  const events = `${shopKey(shopId)}:events`;
  const end = performance.now() + CAUGHT_UP_WITHIN_MS;
  for (;;) {
    const [mark, last] = await store.ask((client) =>
      client.mGet([`${events}:archived`, `${events}:last`]),
    );
    if (mark?.split(' ')[1] === last) return undefined;
    if (performance.now() > end)
      return [`is at ${mark}, the stream at ${last}, after ${CAUGHT_UP_WITHIN_MS / 1_000} s`];
    await delay(LOOK_EVERY_MS);
  }
}

async function againstRedis({ store, database, shopId }: Scene): Promise<string[]> {
  if (!database) return [];
  const { db } = database;
  const found = await store.ask((client) =>
    lastingDifferences({ client: async () => client }, db, shopId),
  );
  return found.slice(0, 3).map((line) => line.slice(0, 2_000));
}

/** What was acknowledged is there, paid orders as such. */
async function againstClients({ scene, crowd, bank }: Witnesses): Promise<string[]> {
  const { database, shopId, loss } = scene;
  if (!database) return [];
  const { db } = database;
  const { keptUntil } = loss ?? NOTHING_LOST;
  const bookings = await db
    .selectFrom('bookings')
    .select('booking_id')
    .where('shop_id', '=', shopId)
    .execute();
  const orders = await db
    .selectFrom('orders')
    .select(['order_id', 'status'])
    .where('shop_id', '=', shopId)
    .execute();
  const ids = new Set(bookings.map(({ booking_id }) => booking_id));
  const statuses = new Map(orders.map(({ order_id, status }) => [order_id, status]));
  const kept = <Value extends { at: number }>(rows: Map<string, Value>) =>
    [...rows].filter(([, { at }]) => at <= keptUntil);
  return [
    ...kept(crowd.watch.bookings).flatMap(([id]) => (ids.has(id) ? [] : [`lacks ${id}`])),
    ...kept(crowd.watch.orders).flatMap(([id]) => (statuses.has(id) ? [] : [`lacks ${id}`])),
    ...kept(bank.paid).flatMap(([paymentId, { orderId }]) =>
      MONEY_KEPT.includes(statuses.get(orderId) ?? '')
        ? []
        : [`${paymentId} is paid, ${orderId} is ${statuses.get(orderId)} in the archive`],
    ),
  ].slice(0, 5);
}
