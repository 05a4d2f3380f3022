import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { openDatabase } from '../../src/archive/database.js';
import { atEnd } from '../support/at-end.js';

/** AuthenticationOk, and ReadyForQuery outside a transaction. */
const READY = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49]);

it('ends a connection whose answer does not come in time: what was asked of it may be done later', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.write(READY));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const db = openDatabase(`postgres://ani@127.0.0.1:${port}/a`, () => {}, 1);
  atEnd(async () => {
    await db.destroy();
    server.close();
  });
  let connections = 0;
  server.on('connection', () => connections++);
  for (const _ of ['begin', 'whatever is asked next'])
    await expect(sql`select 1`.execute(db)).rejects.toThrow('Query read timeout');
  expect(connections).toBe(2);
});
