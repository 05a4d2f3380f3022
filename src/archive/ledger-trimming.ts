import { type RawBuilder, sql } from 'kysely';
import { shopKey } from '../store/keys.js';
import type { Store } from '../store/store.js';
import type { ArchiveDatabase } from './database.js';
import { type Lease, moveCursor } from './lease.js';
import { isItsTurn, LATER } from './leaving.js';
import { type Trim, trimLists } from './trimming.js';

/** What one step takes at most: bounds how long Redis is busy with it (a few ms). */
const LEDGERS = 50;
const ENTRIES = 20;

/** A viewer's ledger of which entries up to a place may leave. */
interface Due {
  viewerId: string;
  last: number;
  before: number;
  rows: { n: number; record: string }[];
}

const suffixOf = (viewerId: string) => `:ledger:${viewerId}`;

/** Takes what is older than the cutoff off a few viewers' ledgers; answers how many entries. */
export async function trimLedgers(
  store: Store,
  db: ArchiveDatabase,
  lease: Lease,
  cutoff: Date,
): Promise<number> {
  const { shopId } = lease;
  const all = await dueLedgers(store, db, shopId, cutoff);
  const due = all.filter(({ rows }) => rows.length > 0);
  const lists = due.map(
    ({ viewerId, before, rows }): Trim => ({
      suffix: suffixOf(viewerId),
      before,
      entries: rows.map(({ record }) => record),
    }),
  );
  const trimmed = await trimLists(store, db, lease, lists);
  if (!trimmed) return 0;
  const refused = due.filter((_, i) => !trimmed[i]);
  const left = all.filter((one) => !refused.includes(one));
  await db.transaction().execute(async (trx) => {
    await moveCursor(trx, lease, lease.cursor);
    // Of one without rows a server that died has taken them off.
    const ends = left.map(({ viewerId, before, rows }) => ({
      viewerId,
      last: rows.at(-1)?.n ?? before,
    }));
    await setUpTo(trx, shopId, ends, sql`left_redis_at = now()`);
    await setUpTo(trx, shopId, refused, sql`look_again_at = ${LATER.look_again_at}`);
  });
  return left.reduce((sum, { rows }) => sum + rows.length, 0);
}

async function dueLedgers(
  store: Store,
  db: ArchiveDatabase,
  shopId: string,
  cutoff: Date,
): Promise<Due[]> {
  const viewers = await db
    .selectFrom('ledger_entries')
    .select(['viewer_id', ({ fn }) => fn.max('n').as('last')])
    .where('shop_id', '=', shopId)
    .where('left_redis_at', 'is', null)
    .where('lost_at', 'is', null)
    .where('at', '<', cutoff)
    .where(isItsTurn)
    .groupBy('viewer_id')
    .limit(LEDGERS)
    .execute();
  if (viewers.length === 0) return [];
  const gone = await store.read((redis) =>
    Promise.all(
      viewers.map(({ viewer_id }) => redis.get(`${shopKey(shopId)}${suffixOf(viewer_id)}:gone`)),
    ),
  );
  const due = viewers.map(
    ({ viewer_id, last }, i): Due => ({
      viewerId: viewer_id,
      last,
      before: Number(gone[i] ?? 0),
      rows: [],
    }),
  );
  const asked = due.map(
    (one) => sql`(${one.viewerId}, ${one.before}::bigint, ${one.last}::bigint)`,
  );
  const { rows } = await sql<{ viewer_id: string; n: number; record: string }>`
    select due.viewer_id, entry.n, entry.record
    from (values ${sql.join(asked)}) as due (viewer_id, before, last) cross join lateral (
      select n, record from ledger_entries where shop_id = ${shopId} and viewer_id = due.viewer_id and lost_at is null
        and n > due.before and n <= due.last order by n limit ${ENTRIES}) as entry
    order by due.viewer_id, entry.n`.execute(db);
  const byViewer = new Map(due.map((one) => [one.viewerId, one]));
  for (const { viewer_id, n, record } of rows) byViewer.get(viewer_id)?.rows.push({ n, record });
  return due;
}

/** Of entries that are not known to have left, up to a place in each ledger. */
async function setUpTo(
  trx: ArchiveDatabase,
  shopId: string,
  ends: { viewerId: string; last: number }[],
  what: RawBuilder<unknown>,
): Promise<void> {
  if (ends.length === 0) return;
  const places = ends.map(({ viewerId, last }) => sql`(${viewerId}, ${last}::bigint)`);
  await sql`update ledger_entries set ${what}
    from (values ${sql.join(places)}) as place (viewer_id, n)
    where shop_id = ${shopId} and left_redis_at is null
      and ledger_entries.viewer_id = place.viewer_id and ledger_entries.n <= place.n`.execute(trx);
}
