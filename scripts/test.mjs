/** `npm test`: sets up what is missing and runs every test; further arguments go to Vitest. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { buildBench } from './bench-build.mjs';
import { ensureBuild, ensureChromium, ensurePackages, ensureRedis } from './setup.mjs';
import { runCommand } from './setup-error.mjs';

await runCommand(async () => {
  ensurePackages();
  ensureRedis();
  ensureChromium();
  ensureBuild();
  buildBench();
  const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
  const child = spawn(process.execPath, [vitest, 'run', ...process.argv.slice(2)], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
    process.on(signal, () => child.kill(signal));
  }
  const [code] = await once(child, 'exit');
  process.exitCode = code ?? 1;
});
