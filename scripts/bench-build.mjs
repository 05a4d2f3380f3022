import { copyFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runQuietly } from './programs.mjs';
import { ensureBuild, ensurePackages, ensureRedis } from './setup.mjs';
import { runCommand } from './setup-error.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Compiles bench/ beside the build, which a new build takes away again. It takes a second, so it is never stale. */
export function buildBench() {
  const tsc = 'node_modules/typescript/bin/tsc';
  runQuietly('Building bench/', process.execPath, [tsc, '-p', 'tsconfig.bench.json'], {
    cwd: root,
  });
  // What is no TypeScript.
  const folder = 'src/archive/';
  for (const name of readdirSync(`${root}${folder}`).filter((name) => name.endsWith('.mjs')))
    copyFileSync(`${root}${folder}${name}`, `${root}dist/bench/${folder}${name}`);
}

/**
 * Where a program of bench/ is once it is built.
 * @param {string} path
 */
export function benchProgram(path) {
  return new URL(`../dist/bench/bench/${path}`, import.meta.url).href;
}

/**
 * Sets up what is missing and runs a program of bench/.
 * @param {string} path
 * @param {{ withServer?: boolean }} options whether it starts servers of this build
 */
export function runBenchProgram(path, { withServer = true } = {}) {
  return runCommand(async () => {
    process.chdir(root);
    ensurePackages();
    if (withServer) {
      ensureRedis();
      ensureBuild();
    }
    buildBench();
    await import(benchProgram(path));
  });
}
