/** `npm run loadtest`: sets up what is missing and loads a server; see docs/loadtest.md. */
import { benchProgram, buildBench } from './bench-build.mjs';
import { ensureBuild, ensurePackages, ensureRedis } from './setup.mjs';
import { runCommand } from './setup-error.mjs';

await runCommand(async () => {
  ensurePackages();
  // A server somewhere else has its own build and its own Redis.
  if (!process.argv.some((argument) => argument.startsWith('--url'))) {
    ensureRedis();
    ensureBuild();
  }
  buildBench();
  await import(benchProgram('loadtest/main.js'));
});
