import { type App, createApp } from '../../src/app.js';
import { readConfig } from '../../src/config.js';
import { atEnd } from './at-end.js';
import { startRedis } from './redis-server.js';
import { type Reachable, serverEnvironment, testWorkers } from './server-environment.js';
import { type ServerProcess, spawnServer } from './server-process.js';

export interface TestServer extends Reachable {
  app: App;
  close(): Promise<void>;
}

/**
 * A server in this process, on a free port, put together exactly as `npm run serve` does; with several workers, the built one.
 * Closes with the test or file.
 */
export async function startServer({
  redisUrl,
  ...overrides
}: { redisUrl: string } & NodeJS.ProcessEnv): Promise<TestServer> {
  if (testWorkers() > 1) return elsewhere(await spawnServer({ redisUrl, ...overrides }));
  const app = createApp(readConfig(serverEnvironment(redisUrl, overrides)));
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= app.close();
    return closed;
  };
  atEnd(close);
  const { port } = await app.listen();
  await app.start();
  return { app, url: `http://127.0.0.1:${port}`, close };
}

function elsewhere({ url, kill }: ServerProcess): TestServer {
  return {
    url,
    get app(): App {
      throw new Error('this test looks into the server, which is not in this process');
    },
    close: async () => void (await kill('SIGTERM')),
  };
}

/** The same with a Redis of its own: where limits are on, what one test has taken would be missing in the next. */
export async function startServerAlone(overrides: NodeJS.ProcessEnv): Promise<TestServer> {
  return startServer({ redisUrl: (await startRedis()).url, ...overrides });
}
