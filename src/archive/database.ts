import { Kysely, Migrator, PostgresDialect } from 'kysely';
import pg from 'pg';
import { migrations } from './migrations.js';
import type { ArchiveTables } from './schema.js';

export type ArchiveDatabase = Kysely<ArchiveTables>;

/** Connections of a server: its followers take turns, and pages of old records are seldom asked for. */
const CONNECTIONS = 4;
const CONNECT_WITHIN_MS = 3_000;
/** The server ends a statement that takes so long, ms; a little later we give it up ourselves. */
const STATEMENT_MS = 10_000;
/** So long another may be waited for that holds a row, or a server that stands still may hold one, ms. */
const LOCK_MS = 4_000;

const { builtins } = pg.types;
const AS_NUMBERS: number[] = [builtins.INT8, builtins.NUMERIC];

/** Whole numbers and percentages of ours fit a number; what `sum()` makes of them is `numeric`. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (type, format) =>
    AS_NUMBERS.includes(type) ? Number : pg.types.getTypeParser(type, format),
};

/** Opens nothing yet: connections are made when they are needed, and made anew when they break. */
export function openDatabase(url: string, onError: (error: Error) => void): ArchiveDatabase {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    statement_timeout: STATEMENT_MS,
    query_timeout: STATEMENT_MS + 2_000,
    lock_timeout: LOCK_MS,
    idle_in_transaction_session_timeout: LOCK_MS,
    application_name: 'livehold',
    types,
  });
  // One that breaks while nobody waits for an answer of it (idle, or between two statements of a transaction) is nobody's
  // error, and whoever uses it next is told; unheard it would end the process.
  pool.on('error', onError);
  pool.on('connect', (client) => client.on('error', onError));
  return new Kysely<ArchiveTables>({ dialect: new PostgresDialect({ pool }) });
}

/** Makes the tables, or brings them up to date; of several servers one does it. */
export async function migrate(db: ArchiveDatabase): Promise<void> {
  const { error } = await new Migrator({ db, provider: migrations }).migrateToLatest();
  if (error) throw error;
}
