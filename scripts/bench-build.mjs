import { fileURLToPath } from 'node:url';
import { runQuietly } from './programs.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Compiles bench/ beside the build, which a new build takes away again. It takes a second, so it is never stale. */
export function buildBench() {
  const tsc = 'node_modules/typescript/bin/tsc';
  runQuietly('Building bench/', process.execPath, [tsc, '-p', 'tsconfig.bench.json'], {
    cwd: root,
  });
}

/**
 * Where a program of bench/ is once it is built.
 * @param {string} path
 */
export function benchProgram(path) {
  return new URL(`../dist/bench/bench/${path}`, import.meta.url).href;
}
