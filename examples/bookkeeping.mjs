// Books paid orders into a PostgreSQL of your own, each once, however often it is stopped:
// LIVEHOLD=http://localhost:3000 TOKEN=… BOOKS=postgres://… node examples/bookkeeping.mjs
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

const { LIVEHOLD = 'http://localhost:3000', TOKEN, BOOKS } = process.env;
const books = new pg.Client(BOOKS);
await books.connect();
await books.query(`
  create table if not exists paid_orders (event_id text primary key, order_id text, total bigint);
  create table if not exists place (cursor text);
  insert into place select '0-0' where not exists (select from place)`);
let { cursor } = (await books.query('select cursor from place')).rows[0];
for (;;) {
  const url = `${LIVEHOLD}/api/v1/events?types=order.paid&wait=25&after=${cursor}`;
  const asked = fetch(url, { headers: { authorization: `Bearer ${TOKEN}` } });
  const answer = await asked.then((response) => response.ok && response.json()).catch(() => false);
  if (!answer)
    await delay(1_000); // away, or it refuses the token
  else if (answer.nextCursor !== cursor) await book(answer);
}
async function book({ items, nextCursor }) {
  await books.query('begin'); // the orders and the place after them, both or neither
  const add = 'insert into paid_orders values ($1, $2, $3) on conflict do nothing';
  for (const { id, data } of items)
    await books.query(add, [id, data.order.orderId, data.order.total]);
  await books.query('update place set cursor = $1', [nextCursor]);
  await books.query('commit');
  cursor = nextCursor;
}
