import { decodeJwt } from 'jose';
import type { ItemView } from '../../src/protocol/item.js';
import type { Snapshot } from '../../src/protocol/snapshot.js';
import { signOwnToken } from '../../src/transports/own-token.js';
import { Connection } from '../client/connection.js';
import { HostApi } from '../client/host-api.js';
import type { Options } from './options.js';
import { secondsOf } from './phases.js';
import { EARLY_PER_SECOND } from './plan.js';
import { UsageError } from './usage-error.js';

/** The live that is loaded, and what is known of it from before. */
export interface Market {
  url: string;
  shopId: string;
  liveId: string;
  itemIds: string[];
  /** Units that there were in all when the run began, by item. */
  units: Record<string, number>;
  /** Missing when there is no host's token: then there is no audit. */
  host: HostApi | undefined;
  secret: string | undefined;
  /** Made for this run: nobody else books here. */
  exclusive: boolean;
}

const CODE_PREFIX = 'L';

/** Uses the live that was named, or makes a shop and a live. */
export async function openMarket(options: Options, url: string, runId: string): Promise<Market> {
  const { secret, live, shop } = options;
  const hostToken = options.hostToken ?? hostTokenOf(options, runId);
  const host = hostToken === undefined ? undefined : new HostApi(url, hostToken);
  const exclusive = live === undefined;
  if (exclusive && !host)
    throw new UsageError('name a live with --shop and --live, or give --host-token or AUTH_SECRET');
  const shopId = shop ?? String(decodeJwt(hostToken ?? '').shop);
  const liveId = live ?? (await makeLive(host as HostApi, options, runId));
  const { items } = await look(url, shopId, liveId);
  if (items.length === 0) throw new UsageError(`the live ${liveId} features no items`);
  const units = Object.fromEntries(items.map((item) => [item.itemId, unitsOf(item)]));
  return { url, shopId, liveId, itemIds: Object.keys(units), units, host, secret, exclusive };
}

function hostTokenOf(options: Options, runId: string): string | undefined {
  const { secret, shop } = options;
  if (secret === undefined) return undefined;
  return signOwnToken(
    { secret },
    { id: 'load-test', shopId: shop ?? `load-${runId}`, role: 'host' },
    lifetimeOf(options),
  );
}

/** What is signed for a run holds until its last holds have ended, and what may be late of it. */
export function lifetimeOf({ viewers, rate, phases, hold }: Options): string {
  const seconds = viewers / Math.min(rate, EARLY_PER_SECOND) + secondsOf(phases) + 2 * hold;
  return `${Math.ceil(seconds) + 3_600}s`;
}

async function makeLive(host: HostApi, options: Options, runId: string): Promise<string> {
  const hold = options.hold / 60;
  await host.patchSettings({
    order: {
      maxItemQuantity: 0,
      totalItemCart: 0,
      // Half as long: of a booking that outlives its checkout, each end is told by itself.
      checkoutTimeoutMinutes: hold / 2,
      onlineCheckoutAutoExpireMinutes: hold,
    },
    booking: {
      bookingTimeoutMinutes: hold,
      minReputation: 0,
      // So that every end moves a reputation, and that is told too.
      cancelPenaltyPerItem: 2,
      expiryPenaltyPerItem: 1,
      paidRewardPerItem: 1,
    },
  });
  const itemIds: string[] = [];
  for (let i = 0; i < options.items; i++) {
    const item = await host.createItem(`${CODE_PREFIX}${runId.slice(-8)}${i}`, options.stock);
    itemIds.push(item.itemId);
  }
  return (await host.startLive(`Load test ${runId}`, itemIds)).liveId;
}

export function unitsOf({ available, booked, allocated, sold }: ItemView): number {
  return available + booked + allocated + sold;
}

/**
 * Tokens of the viewers of one process, which serves number `index`, `index + of` … Made here, so that the server's secret goes to no
 * other machine. Without the secret there are none.
 */
export function tokensOf(
  { secret, shopId }: Market,
  lifetime: string,
  runId: string,
  { index, of, viewers }: { index: number; of: number; viewers: number },
): string[] {
  if (secret === undefined) return [];
  return Array.from({ length: viewers }, (_, i) => {
    const number = i * of + index;
    const who = { id: `${runId}-${number}`, shopId, role: 'viewer' as const };
    return signOwnToken({ secret }, { ...who, name: `Load ${number}` }, lifetime);
  });
}

/** The live as a viewer without a token sees it: the server's own word on the stock. */
export async function look(url: string, shopId: string, liveId: string): Promise<Snapshot> {
  const connection = await Connection.open({ url });
  try {
    const answer = await connection.request<Snapshot>('live:join', { shopId, liveId });
    if (!answer.ok) throw new UsageError(`cannot join ${shopId}/${liveId}: ${answer.error.code}`);
    return answer.data;
  } finally {
    connection.destroy();
  }
}
