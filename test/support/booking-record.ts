import { shopKey } from '../../src/store/keys.js';
import type { RedisServer } from './redis-server.js';

type Client = Awaited<ReturnType<RedisServer['client']>>;

/** What the store knows of a booking beside what was acked. */
interface Since {
  name: string;
  status?: string;
  quantity?: number;
  endedAt?: number;
}

export interface BookingRecord {
  accepted: { expiresAt: number };
  since: Since;
}

/** A booking as the store keeps it: two lines of JSON. */
export async function readRecord(
  client: Client,
  shop: string,
  bookingId: string,
): Promise<BookingRecord> {
  const record = await client.get(`${shopKey(shop)}:booking:${bookingId}`);
  const [accepted = '', since = ''] = (record ?? '').split('\n');
  return { accepted: JSON.parse(accepted), since: JSON.parse(since) };
}

export async function writeRecord(
  client: Client,
  shop: string,
  bookingId: string,
  { accepted, since }: BookingRecord,
): Promise<void> {
  const record = `${JSON.stringify(accepted)}\n${JSON.stringify(since)}`;
  await client.set(`${shopKey(shop)}:booking:${bookingId}`, record);
}
