import { createApp } from './app.js';
import { readConfig } from './config.js';

/** Starts the server from the environment and stops it on SIGINT or SIGTERM. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const app = await createApp(config);
  const { log } = app;
  const { port, url } = await app.listen();
  log.info({ port, url }, 'livehold is up');

  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'stopping');
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'did not stop cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', () => stop('SIGINT'));
  process.on('SIGTERM', () => stop('SIGTERM'));
}

await main().catch((error: unknown) => {
  console.error(`livehold: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
