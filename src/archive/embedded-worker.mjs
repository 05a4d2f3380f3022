import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

/**
 * PGlite on a socket that speaks as PostgreSQL does, until it is told to end. Plain JavaScript, for a worker thread of the
 * tests loads it as it stands.
 */

/** Connections of all servers of this machine that share the data. */
const CONNECTIONS = 64;

const { folder, socketPath } = /** @type {{ folder: string, socketPath: string }} */ (workerData);
const db = await PGlite.create({ dataDir: folder });
const server = new PGLiteSocketServer({ db, path: socketPath, maxConnections: CONNECTIONS });
await server.start();
parentPort?.once('message', async () => {
  await server.stop();
  await db.close();
  process.exit();
});
parentPort?.postMessage('ready');
