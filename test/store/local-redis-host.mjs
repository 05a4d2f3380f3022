/**
 * Starts the private Redis of the folder it is given, prints its address and lives on, so that a
 * test can kill it. Goes through vite so that it runs the sources and not an old build.
 */
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const source = fileURLToPath(new URL('../../src/store/local-redis/index.ts', import.meta.url));
const { module } = await runnerImport(source, { configFile: false, logLevel: 'error' });
const log = { info() {}, warn() {} };
const redis = await module.startLocalRedis({ dataDir: process.argv[2], log });
console.log(redis.url);
