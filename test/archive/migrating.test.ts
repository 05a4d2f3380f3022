import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { ANY_TIME, openDatabase } from '../../src/archive/database.js';
import { atEnd } from '../support/at-end.js';
import { findPostgres, PostgresServer } from '../support/postgres.js';
import { startRedis } from '../support/redis-server.js';
import { startServer } from '../support/server.js';
import { until } from '../support/until.js';

const programs = findPostgres();

it.skipIf(!programs)(
  'lets a migration take its time, whatever limit the database has for others',
  async () => {
    const [{ url }, redis] = await Promise.all([
      PostgresServer.start(programs ?? ''),
      startRedis(),
    ]);
    const db = openDatabase(url, () => {});
    atEnd(() => db.destroy());
    // Notes the limit of each statement that makes or changes a table.
    for (const statement of [
      `alter database postgres set statement_timeout = '5s'`,
      'create table limits (ms text)',
      `create function note_limit() returns event_trigger language plpgsql as
        $$ begin insert into limits values (current_setting('statement_timeout')); end $$`,
      'create event trigger noted on ddl_command_end execute function note_limit()',
    ])
      await sql.raw(statement).execute(db);
    const server = await startServer({ redisUrl: redis.url, DATABASE_URL: url });
    await until('the archive is open', async () => {
      const { archive } = (await (await fetch(`${server.url}/readyz`)).json()) as {
        archive: { ok: boolean };
      };
      return archive.ok;
    });
    const { rows } = await sql<{ ms: string }>`select distinct ms from limits`.execute(db);
    expect(rows).toEqual([{ ms: `${ANY_TIME}ms` }]);
  },
);
