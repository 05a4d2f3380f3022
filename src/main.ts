import { type App, createApp } from './app.js';
import { readConfig } from './config.js';

/** Starts the server from the environment. What was started is ended again when the rest cannot start. */
async function start(): Promise<App> {
  const app = await createApp(readConfig(process.env));
  try {
    const { port, url } = await app.listen();
    app.log.info({ port, url }, 'livehold is up');
    return app;
  } catch (error) {
    await app.close().catch(() => {});
    throw error;
  }
}

let stopping = false;

/** Also while it is still starting: then it stops as soon as it has. */
async function stop(signal: string): Promise<void> {
  if (stopping) return;
  stopping = true;
  const app = await starting;
  app.log.info({ signal }, 'stopping');
  await app.close().catch((error: unknown) => {
    app.log.error({ err: error }, 'did not stop cleanly');
    process.exitCode = 1;
  });
  process.exit();
}

// Before anything is started: what is begun here is always ended here.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void stop(signal));
const starting = start();

await starting.catch((error: unknown) => {
  console.error(`livehold: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
