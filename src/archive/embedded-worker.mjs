import { once } from 'node:events';
import { createServer } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { SharedSession, serveConnection } from './embedded-connections.mjs';

/**
 * PGlite on a socket that speaks as PostgreSQL does, until it is told to end. Plain JavaScript, for a worker thread of the
 * tests loads it as it stands.
 */

/** Connections of all servers of this machine that share the data. */
const CONNECTIONS = 64;

const { folder, socketPath } = /** @type {{ folder: string, socketPath: string }} */ (workerData);
const db = await PGlite.create({ dataDir: folder });
const session = new SharedSession(db);
/** @typedef {import('node:net').Socket} Socket */
/** With what resolves when each is served. @type {Map<Socket, Promise<void>>} */
const connections = new Map();

/** @param {Socket} socket */
async function serve(socket) {
  await serveConnection(session, socket);
  connections.delete(socket);
}

const server = createServer((socket) => connections.set(socket, serve(socket)));
server.maxConnections = CONNECTIONS;
server.listen(socketPath);
await once(server, 'listening');
parentPort?.once('message', async () => {
  server.close();
  for (const socket of connections.keys()) socket.destroy();
  await Promise.all(connections.values());
  await db.close();
  process.exit();
});
parentPort?.postMessage('ready');
