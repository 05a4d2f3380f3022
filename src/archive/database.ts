import { once } from 'node:events';
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
/** The most that PostgreSQL takes, 24 days: none would leave it to the limit that the database itself may have. */
export const ANY_TIME = 2 ** 31 - 1;
/** So long another may be waited for that holds a row, or a server that stands still may hold one, ms. */
const LOCK_MS = 4_000;

const { builtins } = pg.types;
const AS_NUMBERS: number[] = [builtins.INT8, builtins.NUMERIC];

/** Whole numbers and percentages of ours fit a number; what `sum()` makes of them is `numeric`. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (type, format) =>
    AS_NUMBERS.includes(type) ? Number : pg.types.getTypeParser(type, format),
};

/**
 * A connection that ends when an answer does not come in time: what was asked may be done later all the same, and a `begin` so
 * would hold whatever is asked next in a transaction that nobody knows of.
 */
class Connection extends pg.Client {
  // biome-ignore lint/suspicious/noExplicitAny: as the client's own overloads, all of which it passes on
  override query(...asked: any[]): any {
    const answer = (super.query as (...asked: unknown[]) => unknown).apply(this, asked);
    if (!(answer instanceof Promise)) return answer;
    return answer.catch(async (error: Error) => {
      if (error.message === 'Query read timeout') await this.breakOff();
      throw error;
    });
  }

  /** Resolves when it is over, so that the pool gives it to nobody else. */
  private async breakOff(): Promise<void> {
    const { stream } = this.connection;
    if (stream.closed) return;
    const closed = once(stream, 'close');
    stream.destroy();
    await closed;
  }
}

/**
 * Opens nothing yet: connections are made when they are needed, and made again when they break.
 * @param statementMs how long a statement may take
 */
export function openDatabase(
  url: string,
  onError: (error: Error) => void,
  statementMs = STATEMENT_MS,
): ArchiveDatabase {
  const pool = new pg.Pool({
    Client: Connection,
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    statement_timeout: statementMs,
    query_timeout: statementMs === ANY_TIME ? 0 : statementMs + 2_000,
    lock_timeout: LOCK_MS,
    idle_in_transaction_session_timeout: LOCK_MS,
    application_name: 'livehold',
    types,
  });
  // One that breaks while nobody waits for an answer of it (idle, or between two statements of a transaction) is nobody's
  // error, and the next caller gets the error; without a listener it would end the process.
  pool.on('error', onError);
  pool.on('connect', (client) => client.on('error', onError));
  return new Kysely<ArchiveTables>({ dialect: new PostgresDialect({ pool }) });
}

/** Makes the tables, or brings them up to date; of several servers one does it. An index of a large table takes its time. */
export async function migrate(db: ArchiveDatabase): Promise<void> {
  const { error } = await new Migrator({ db, provider: migrations }).migrateToLatest();
  if (error) throw error;
}
