import { once } from 'node:events';
import { Socket } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { atEnd } from '../support/at-end.js';
import { until } from '../support/until.js';
import { databases } from './databases.js';

const ROUNDS = 40;
/** Of a connection that stands still within a transaction, ms. */
const IDLE_MS = 500;

/** What `pg` has no method for: statements without a Sync behind them. */
interface Protocol {
  parse(statement: { text: string }): void;
  bind(portal: object): void;
  execute(portal: object): void;
  flush(): void;
}

describe.each(databases)('connections to %s', (_, start) => {
  let url: string;

  async function connect(pipeline = false) {
    const stream = new Socket();
    const client = new pg.Client({
      connectionString: url,
      stream: () => stream,
      idle_in_transaction_session_timeout: IDLE_MS,
      ...{ pipeline },
    });
    client.on('error', () => {});
    await client.connect();
    atEnd(() => stream.destroy());
    return { client, stream };
  }

  async function seen(): Promise<number> {
    const { client } = await connect();
    const { rows } = await client.query('select count(*)::int as tallies from tallies');
    await client.end();
    return rows[0].tallies;
  }

  beforeAll(async () => {
    url = await start();
    const { client } = await connect();
    await client.query('create table tallies (of text, round int)');
    await client.end();
  });

  it('answer each with its own, in pipelines, with names that all use, and after errors', async () => {
    const me = [0, 1, 2, 3, 4, 5];
    const wrong = await Promise.all(
      me.map(async (number) => {
        const { client } = await connect(isPipelining(number));
        const said: unknown[] = [];
        for (let round = 0; round < ROUNDS; round += 1)
          said.push(...(await ask(client, number, round)));
        await client.end();
        return said;
      }),
    );
    expect(wrong.flat()).toEqual([]);
    expect(await seen()).toBe(me.length * ROUNDS);
    const { client } = await connect();
    await client.query('delete from tallies');
    await until('names are gone with their connections', async () => {
      const { rows } = await client.query(
        'select name from pg_prepared_statements where name <> $1',
        [''],
      );
      return rows.length === 0;
    });
  });

  it('leave nothing behind that die in a transaction', async () => {
    const { client, stream } = await connect();
    await client.query('begin');
    await client.query('insert into tallies values ($1, 1)', ['dead']);
    const tallies = seen();
    stream.destroy();
    expect(await tallies).toBe(0);
  });

  it('leave nothing behind that die before their Sync', async () => {
    const { client, stream } = await connect();
    const { connection } = client as unknown as { connection: Protocol };
    connection.parse({ text: "insert into tallies values ('dead', 2)" });
    connection.bind({});
    connection.execute({});
    connection.flush();
    await once(stream, 'data');
    const tallies = seen();
    stream.destroy();
    expect(await tallies).toBe(0);
  });

  it('are ended that stand still in a transaction', async () => {
    const { client, stream } = await connect();
    await client.query('begin');
    await client.query('insert into tallies values ($1, 3)', ['idle']);
    const closed = once(stream, 'close');
    expect(await seen()).toBe(0);
    await closed;
  });

  it('may send what is no message', async () => {
    const { stream } = await connect();
    const closed = once(stream, 'close');
    stream.write(Buffer.from([0x51, 0, 0, 0, 0, 1, 2, 3]));
    await closed;
    expect(await seen()).toBe(0);
  });
});

/** Asks in all ways there are, at once or one after another, and answers what was answered wrong. */
async function ask(client: pg.Client, number: number, round: number): Promise<unknown[]> {
  const mine = `${number}-${round}`;
  const queries: [pg.QueryConfig, unknown][] = [
    [{ text: 'select $1::text as v', values: [mine] }, [{ v: mine }]],
    [{ text: 'select $1::bigint as v', values: [mine] }, '22P02'],
    [
      { name: 'shared', text: `select $1::text as v, ${number} as n`, values: [mine] },
      [{ v: mine, n: number }],
    ],
    [{ text: 'select 1 / $1::int as v', values: [0] }, '22012'],
    [{ text: 'begin' }, []],
    [{ text: 'insert into tallies values ($1, $2)', values: [mine, round] }, []],
    [{ text: 'select of from tallies where of = $1', values: [mine] }, [{ of: mine }]],
    [{ text: 'commit' }, []],
    [{ text: `select '${mine}' as v` }, [{ v: mine }]],
  ];
  const answers: unknown[] = [];
  const query = async ([config]: [pg.QueryConfig, unknown], at: number) => {
    answers[at] = await client.query(config).then(
      ({ rows }) => rows,
      (error) => error.code ?? error.message,
    );
  };
  if (isPipelining(number)) {
    await Promise.all(queries.map(query));
  } else {
    const paged = { text: 'select $1::text as v from generate_series(1, $2)', rows: 1 };
    queries.push([{ ...paged, values: [mine, 2] }, [{ v: mine }, { v: mine }]]);
    for (const [at, asked] of queries.entries()) await query(asked, at);
  }
  return queries.flatMap(([{ text }, expected], at) =>
    isDeepStrictEqual(answers[at], expected) ? [] : [{ text, expected, got: answers[at] }],
  );
}

const isPipelining = (number: number) => number % 2 === 1;
