/** Bookings of one item in PostgreSQL, each in a transaction that locks the item's row, over as many connections as one likes. */
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { serve } from '../rig/serve.js';

/** How a booking is made: statement by statement, as applications do, or all of it in one call. */
export type Way = 'statements' | 'function';

const ITEM = 1;
const VIEWERS = 2_000;
const HOLD = '15 minutes';
const SCHEMA = `
create table item (
  item_id int primary key,
  available int not null check (available >= 0),
  booked int not null
) with (fillfactor = 10);
create table booking (
  booking_id uuid primary key,
  item_id int not null,
  viewer_id int not null,
  quantity int not null,
  status text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
insert into item values (${ITEM}, 100000000, 0);
create function book(id uuid, of_item int, viewer int, units int) returns int language plpgsql as $$
declare rest int;
begin
  select available into rest from item where item_id = of_item for update;
  if rest < units then return -1; end if;
  update item set available = available - units, booked = booked + units where item_id = of_item;
  insert into booking (booking_id, item_id, viewer_id, quantity, status, expires_at)
    values (id, of_item, viewer, units, 'held', now() + interval '${HOLD}');
  return rest - units;
end $$;
`;

const LOCK = {
  name: 'lock',
  text: 'select available from item where item_id = $1 for update',
};
const TAKE = {
  name: 'take',
  text: 'update item set available = available - $2, booked = booked + $2 where item_id = $1',
};
const NOTE = {
  name: 'note',
  text: `insert into booking (booking_id, item_id, viewer_id, quantity, status, expires_at)
    values ($1, $2, $3, $4, 'held', now() + interval '${HOLD}')`,
};
const CALL = { name: 'call', text: 'select book($1, $2, $3, $4)' };

let address = '';
const clients: Client[] = [];
let turns = 0;

async function connections(count: number): Promise<Client[]> {
  while (clients.length < count) {
    const client = new Client({ connectionString: address });
    // The server ends before this process does.
    client.on('error', () => {});
    await client.connect();
    clients.push(client);
  }
  return clients.slice(0, count);
}

const ways: Record<Way, (client: Client, viewer: number) => Promise<void>> = {
  async statements(client, viewer) {
    await client.query('begin');
    const { rows } = await client.query<{ available: number }>({ ...LOCK, values: [ITEM] });
    if ((rows[0]?.available ?? 0) < 1) throw new Error('sold out');
    await client.query({ ...TAKE, values: [ITEM, 1] });
    await client.query({ ...NOTE, values: [randomUUID(), ITEM, viewer, 1] });
    await client.query('commit');
  },
  async function(client, viewer) {
    await client.query({ ...CALL, values: [randomUUID(), ITEM, viewer, 1] });
  },
};

/** How a stretch of booking is made. */
interface Stretch {
  way: Way;
  /** Whether an answer waits for the disk. */
  synchronous: boolean;
  connections: number;
  ms: number;
}

/** @returns bookings a second */
async function book({ way, synchronous, connections: count, ms }: Stretch): Promise<number> {
  const open = await connections(count);
  for (const client of open)
    await client.query(`set synchronous_commit = ${synchronous ? 'on' : 'off'}`);
  let booked = 0;
  const start = performance.now();
  await Promise.all(
    open.map(async (client) => {
      while (performance.now() - start < ms) {
        await ways[way](client, turns++ % VIEWERS);
        booked++;
      }
    }),
  );
  return (booked * 1_000) / (performance.now() - start);
}

const methods = {
  async open(url: string): Promise<void> {
    address = url;
    const [client] = await connections(1);
    await client?.query(SCHEMA);
  },
  book,
  /** What its own tables say: units taken, and bookings noted. */
  async counted(): Promise<{ booked: number; bookings: number }> {
    const [client] = await connections(1);
    const text =
      'select (select booked from item)::int as booked, (select count(*) from booking)::int as bookings';
    const found = await client?.query<{ booked: number; bookings: number }>(text);
    return found?.rows[0] ?? { booked: 0, bookings: 0 };
  },
};
export type PostgresMethods = typeof methods;
serve(methods, () => process.exit(0));
