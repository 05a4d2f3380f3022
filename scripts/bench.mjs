/** `npm run bench`: sets up what is missing and measures; further arguments go to bench/main.ts. */
import { benchProgram, buildBench } from './bench-build.mjs';
import { ensureBuild, ensurePackages, ensureRedis } from './setup.mjs';
import { runCommand } from './setup-error.mjs';

await runCommand(async () => {
  ensurePackages();
  ensureRedis();
  ensureBuild();
  buildBench();
  await import(benchProgram('main.js'));
});
