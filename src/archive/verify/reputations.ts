import { scripts } from '../../store/scripts/index.js';
import { viewerIds } from '../../store/viewers.js';
import { type Sides, untilArchived } from './compare.js';

/** Viewers looked at in one script call: bounds how long Redis is busy with it. */
const STEP = 50;
/** What everybody begins with. */
const FIRST_POINTS = 100;

/** Folds every viewer's ledger of the archive, and holds the points against Redis's. Ledgers only grow, so that is exact. */
export async function verifyReputations(
  sides: Sides,
): Promise<{ viewers: number; problems: string[] }> {
  const { store, shopId } = sides;
  const problems: string[] = [];
  let viewers = 0;
  for await (const ids of viewerIds(store, shopId, STEP)) {
    const live = (await store.run(scripts.auditViewers, shopId, ids)).viewers;
    await untilArchived(sides);
    const ledgers = await ledgersOf(sides, ids);
    for (const { viewerId, reputation, entries } of live)
      problems.push(...fold(viewerId, reputation, entries, ledgers.get(viewerId) ?? []));
    viewers += live.length;
  }
  return { viewers, problems };
}

interface Entry {
  n: number;
  delta: number;
  before: number;
  after: number;
}

async function ledgersOf({ db, shopId }: Sides, ids: string[]): Promise<Map<string, Entry[]>> {
  const rows = await db
    .selectFrom('ledger_entries')
    .select(['viewer_id', 'n', 'delta', 'before', 'after'])
    .where('shop_id', '=', shopId)
    .where('viewer_id', 'in', ids)
    .where('lost_at', 'is', null)
    .orderBy('viewer_id')
    .orderBy('n')
    .execute();
  const ledgers = new Map<string, Entry[]>(ids.map((id) => [id, []]));
  for (const row of rows) ledgers.get(row.viewer_id)?.push(row);
  return ledgers;
}

/** The ledger as it was when Redis had so many entries. */
function fold(viewerId: string, reputation: number, count: number, ledger: Entry[]): string[] {
  const problems: string[] = [];
  const note = (text: string) => problems.push(`viewer ${viewerId}: ${text}`);
  let points = FIRST_POINTS;
  let place = 0;
  for (const { n, delta, before, after } of ledger) {
    if (n > count) break;
    place += 1;
    if (n !== place) note(`the archive lacks entry ${place} of the ledger`);
    else if (before !== points || after !== before + delta)
      note(`entry ${n} of the archived ledger does not follow from those before`);
    place = n;
    points = after;
  }
  if (place < count) note(`the archive has ${place} of ${count} entries of the ledger`);
  if (points !== reputation) note(`reputation is ${reputation}, by the archive ${points}`);
  return problems;
}
