/** `npm run cheats`: sets up what is missing and lets cheats meet honest viewers; see docs/fairness.md. */
import { fileURLToPath } from 'node:url';
import { benchProgram, buildBench } from './bench-build.mjs';
import { ensureBuild, ensurePackages, ensureRedis } from './setup.mjs';
import { runCommand } from './setup-error.mjs';

await runCommand(async () => {
  process.chdir(fileURLToPath(new URL('..', import.meta.url)));
  ensurePackages();
  ensureRedis();
  ensureBuild();
  buildBench();
  await import(benchProgram('cheats/main.js'));
});
