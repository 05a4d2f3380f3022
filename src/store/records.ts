import { z } from 'zod';
import { type ArchiveRecords, scripts } from './scripts/index.js';
import type { Store } from './store.js';

/** Records read in one call: bounds how long Redis is busy with it (about a ms). */
const AT_ONCE = 100;

/** Of a list that grows: which, and how many of its entries are known. */
interface Growing {
  id: string;
  from: number;
}

/** Which records are asked for. */
export interface RecordNames {
  bookings: string[];
  orders: string[];
  notices: string[];
  refunds: string[];
  ledgers: Growing[];
  restocks: Growing[];
}

export type { ArchiveRecords };

const KINDS = ['bookings', 'orders', 'notices', 'refunds', 'ledgers', 'restocks'] as const;

/** Records as Redis keeps them, in parts: each of an id is whole, but they are not all of one moment. */
export async function readRecords(
  store: Store,
  shopId: string,
  names: RecordNames,
): Promise<ArchiveRecords> {
  const all: ArchiveRecords = emptyRecords();
  const left = KINDS.flatMap((kind) => names[kind].map((name) => ({ kind, name })));
  while (left.length > 0) {
    const asked = Object.fromEntries(KINDS.map((kind) => [kind, [] as unknown[]]));
    for (const { kind, name } of left.splice(0, AT_ONCE)) asked[kind]?.push(name);
    const part = await store.run(scripts.archiveRead, shopId, [JSON.stringify(asked)]);
    for (const kind of KINDS) Object.assign(all[kind], part[kind]);
  }
  return all;
}

function emptyRecords(): ArchiveRecords {
  return { bookings: {}, orders: {}, notices: {}, refunds: {}, ledgers: {}, restocks: {} };
}

/** The record of a booking: see `lib/release.lua`. */
export const BookingSince = z.object({
  name: z.string().default(''),
  sku: z.string().default(''),
  code: z.string().default(''),
  status: z.string().optional(),
  quantity: z.int().optional(),
  expiresAt: z.int().optional(),
  endedAt: z.int().optional(),
  orderId: z.string().optional(),
  cost: z.int().optional(),
});
