import { type App, acceptLoss, createApp } from './app.js';
import { readConfig } from './config.js';

let stopping = false;

/** In any state, also while it is still starting. */
async function stop(app: App, signal: string): Promise<void> {
  if (stopping) return;
  stopping = true;
  app.log.info({ signal }, 'stopping');
  await app.close().catch((error: unknown) => {
    app.log.error({ err: error }, 'did not stop cleanly');
    process.exitCode = 1;
  });
  process.exit();
}

/** What cannot be mended by waiting is said in one line. */
async function fail(error: unknown, app?: App): Promise<void> {
  console.error(`livehold: ${error instanceof Error ? error.message : String(error)}`);
  await app?.close().catch(() => {});
  process.exit(1);
}

async function run(): Promise<void> {
  const config = readConfig(process.env);
  if (process.argv[2] === 'accept-loss') {
    await acceptLoss(config);
    process.stdout.write('Accepted: the servers go on with the data that is there.\n');
    process.exit();
  }
  const app = createApp(config);
  // Before anything is started: what is begun is always ended.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void stop(app, signal));
  try {
    const { port, url } = await app.listen();
    await app.start();
    app.log.info({ port, url }, 'livehold is up');
  } catch (error) {
    if (!stopping) await fail(error, app);
  }
}

await run().catch((error: unknown) => fail(error));
