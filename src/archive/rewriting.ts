import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';

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
/** Others who are erased meanwhile go with it, ms. */
const GATHER_MS = 1_000;

/**
 * Writes the files of the embedded archive anew after somebody was erased, for nobody else does it there. Meanwhile the archive
 * answers nobody: a second or two, and with a year of a thousand orders a day about a minute.
 */
export class Rewriting {
  private readonly url: () => string | undefined;
  private readonly log: Logger;
  private wanted = false;
  private working: Promise<void> | undefined;

  constructor(url: () => string | undefined, log: Logger) {
    this.url = url;
    this.log = log;
  }

  want(): void {
    this.wanted = true;
    this.working ??= this.work().finally(() => {
      this.working = undefined;
    });
  }

  private async work(): Promise<void> {
    while (this.wanted) {
      await delay(GATHER_MS, undefined, { ref: false });
      this.wanted = false;
      await this.rewrite().catch((error: unknown) => {
        const words = 'the files of the archive were not written anew: erase once more';
        this.log.error({ err: error }, words);
      });
    }
  }

  /** On a connection of its own: it may take longer than what the server asks. */
  private async rewrite(): Promise<void> {
    const url = this.url();
    if (url === undefined) return;
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => {});
    await client.connect();
    try {
      for (const statement of STATEMENTS) await client.query(statement);
      this.log.info('the files of the archive are written anew, without whoever was erased');
    } finally {
      await client.end();
    }
  }
}
