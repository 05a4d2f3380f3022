import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import pg from 'pg';
import type { Logger } from 'pino';
import type { ArchiveDatabase } from './database.js';

/** The tables that have words of people. */
const TABLES = ['viewers', 'orders', 'refunds', 'ledger_entries', 'events'];
/** What was overwritten leaves the tables, and then the log, of which only what comes after is kept. */
const STATEMENTS = [
  'set wal_recycle = off',
  ...TABLES.map((table) => `vacuum (full) ${table}`),
  'checkpoint',
  'select pg_switch_wal()',
  'checkpoint',
];
/** As text, which keeps all digits. */
const MARKED = 'select max(erased_at)::text as at from cursors';
/** Who is erased meanwhile keeps the mark. */
const DONE = 'update cursors set erased_at = null where erased_at <= $1';
/** Others who are erased meanwhile go with it, ms. */
const GATHER_MS = 1_000;

/**
 * Rewrites the files of the embedded archive after somebody was erased, for nobody else does it there. Meanwhile the archive
 * answers nobody: a second or two, and with a year of a thousand orders a day about a minute. The archive keeps a mark of it
 * until it is done, so the next server does what this one does not live to see.
 */
export class Rewriting {
  private readonly url: () => string | undefined;
  private readonly log: Logger;
  private wanted = false;
  private isWorking = false;

  constructor(url: () => string | undefined, log: Logger) {
    this.url = url;
    this.log = log;
  }

  /** In the transaction that erases somebody. */
  async mark(trx: ArchiveDatabase, shopId: string): Promise<void> {
    await trx
      .updateTable('cursors')
      .set({ erased_at: sql<Date>`clock_timestamp()` })
      .where('shop_id', '=', shopId)
      .execute();
  }

  /** Does what is marked. Nobody waits for it. */
  start(): void {
    this.wanted = true;
    if (!this.isWorking) void this.work();
  }

  private async work(): Promise<void> {
    this.isWorking = true;
    while (this.wanted) {
      await delay(GATHER_MS, undefined, { ref: false });
      this.wanted = false;
      await this.rewrite().catch((error: unknown) => {
        const words = 'the files of the archive were not written anew: the next start tries again';
        this.log.error({ err: error }, words);
      });
    }
    this.isWorking = false;
  }

  /** On a connection of its own: it may take longer than what the server asks. */
  private async rewrite(): Promise<void> {
    const url = this.url();
    if (url === undefined) return;
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => {});
    await client.connect();
    try {
      const { rows } = await client.query(MARKED);
      if (rows[0].at === null) return;
      for (const statement of STATEMENTS) await client.query(statement);
      await client.query(DONE, [rows[0].at]);
      this.log.info('the files of the archive were rewritten without the erased people');
    } finally {
      await client.end();
    }
  }
}
