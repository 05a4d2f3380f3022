import type { Booking } from '../../../src/protocol/booking.js';
import type { Order } from '../../../src/protocol/order.js';
import { shopKey } from '../../../src/store/keys.js';
import { readRecord } from '../../../test/support/booking-record.js';
import type { Crowd } from '../crowd/crowd.js';
import type { Finding } from '../guarantees.js';
import type { Market } from '../market.js';
import type { Loss, Scene } from '../scene.js';
import type { Bank } from '../till.js';

/** All that can say what happened. */
export interface Witnesses {
  scene: Scene;
  market: Market;
  crowd: Crowd;
  bank: Bank;
}

export const NOTHING_LOST: Loss = { keptUntil: Number.POSITIVE_INFINITY };
const MONEY_KEPT = new Set(['paid', 'needs_refund']);

/** Holds the clients' own records against the server's: what was acknowledged is there, and money counts. */
export function judgeRecords(
  { scene, crowd, bank }: Witnesses,
  bookings: Booking[],
  orders: Order[],
): { findings: Finding[]; lost: number } {
  const findings: Finding[] = [];
  const { keptUntil } = scene.loss ?? NOTHING_LOST;
  let lost = 0;
  const missing = (id: string, at: number) => {
    lost++;
    if (at <= keptUntil) findings.push({ guarantee: 'kept', detail: `${id} is gone` });
  };
  const booked = new Set(bookings.map(({ bookingId }) => bookingId));
  for (const [id, { at }] of crowd.watch.bookings) if (!booked.has(id)) missing(id, at);
  const statuses = new Map(orders.map(({ orderId, status }) => [orderId, status]));
  for (const [id, { value, at }] of crowd.watch.orders) {
    const status = statuses.get(id);
    if (status === undefined) missing(id, at);
    else if (value.status === 'paid' && !MONEY_KEPT.has(status) && at <= keptUntil)
      findings.push({ guarantee: 'kept', detail: `${id} was paid and is ${status}` });
  }
  for (const [paymentId, { orderId, at }] of bank.paid) {
    const status = statuses.get(orderId) ?? 'gone';
    if (MONEY_KEPT.has(status) || at > keptUntil) continue;
    findings.push({ guarantee: 'money', detail: `${paymentId} is paid, ${orderId} is ${status}` });
  }
  return { findings, lost };
}

/**
 * How late each hold ended that was due during the fault, ms by Redis's clock: after its deadline when it was to end on
 * time, else after the fault's end.
 */
export async function judgeLateness(
  { store, began, ended, shopId }: Scene,
  bookings: Booking[],
  onTime: boolean,
): Promise<number[]> {
  const due = bookings.filter(
    ({ status, expiresAt }) =>
      status === 'expired' && expiresAt >= began.epoch && expiresAt <= ended.epoch,
  );
  return store
    .ask((client) =>
      Promise.all(
        due.map(async ({ bookingId, expiresAt }) => {
          // What has left Redis meanwhile had ended, and says no more when.
          if ((await client.exists(`${shopKey(shopId)}:booking:${bookingId}`)) === 0) return [];
          const { endedAt } = (await readRecord(client, shopId, bookingId)).since;
          const from = onTime ? expiresAt : Math.max(expiresAt, ended.epoch);
          return [Math.max(0, (endedAt ?? Number.POSITIVE_INFINITY) - from)];
        }),
      ),
    )
    .then((late) => late.flat());
}
