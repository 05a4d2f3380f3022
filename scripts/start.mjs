/** `npm start`: the newcomer's one command. Sets up what is missing, then is the server. */
import './env-file.mjs';
import { ensureBuild, ensurePackages, ensureRedis } from './setup.mjs';
import { runCommand } from './setup-error.mjs';

await runCommand(async () => {
  ensurePackages();
  if (!process.env.REDIS_URL) ensureRedis();
  ensureBuild();
  process.env.LIVEHOLD_LOCAL ??= 'true';
  process.env.LIVEHOLD_DEMO ??= 'true';
  // In this process, so that a signal goes straight to the server. Named only now, so that nothing
  // looks for it before it is built.
  const server = new URL('../dist/main.js', import.meta.url);
  await import(server.href);
});
