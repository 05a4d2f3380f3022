import { rm } from 'node:fs/promises';
import { sql } from 'kysely';
import { type ArchiveDatabase, openDatabase } from '../../../src/archive/database.js';
import { findPostgres, PostgresServer } from '../../../test/support/postgres.js';
import { mountSmallDisk, NotPermitted, unmount } from './store.js';

/** What a log of 1 MB segments and its tables need, with some room, on a disk that is to be full. */
const SMALL = { initdb: ['--wal-segsize=1'], settings: ['min_wal_size=2MB', 'max_wal_size=4MB'] };

/** A PostgreSQL for the archive, on a disk of its own if that is to be small. */
export class DatabaseProcess {
  readonly server: PostgresServer;
  /** To look at what was written, and to spoil it; it connects anew as it is needed. */
  readonly db: ArchiveDatabase;
  private readonly mounted: boolean;

  private constructor(server: PostgresServer, mounted: boolean) {
    this.server = server;
    this.mounted = mounted;
    this.db = openDatabase(server.url, () => {});
  }

  /** @param diskMb the size of its disk; undefined: this machine's. @throws NotPermitted */
  static async start(diskMb?: number): Promise<DatabaseProcess> {
    const programs = findPostgres();
    if (programs === undefined) throw new NotPermitted('PostgreSQL is not installed');
    if (diskMb === undefined)
      return new DatabaseProcess(await PostgresServer.start(programs), false);
    let folder = '';
    const prepare = async (path: string) => {
      await mountSmallDisk(path, diskMb);
      folder = path;
    };
    const server = await PostgresServer.start(programs, { ...SMALL, prepare }).catch(
      async (error: unknown) => {
        if (folder !== '') await unmount(folder);
        throw error;
      },
    );
    return new DatabaseProcess(server, true);
  }

  /** Each transaction of the archive takes so much longer, until it is called with 0, s. */
  async slowDown(seconds: number): Promise<void> {
    await sql`drop trigger if exists slow on cursors`.execute(this.db);
    if (seconds === 0) return;
    await sql`create or replace function slow() returns trigger language plpgsql as
      $$ begin perform pg_sleep(tg_argv[0]::float); return new; end $$`.execute(this.db);
    const trigger = `create trigger slow before update on cursors for each row execute function slow('${seconds}')`;
    await sql.raw(trigger).execute(this.db);
  }

  async end(): Promise<void> {
    await this.db.destroy();
    await this.server.kill();
    if (this.mounted) await unmount(this.server.folder);
    await rm(this.server.folder, { recursive: true, force: true });
  }
}
