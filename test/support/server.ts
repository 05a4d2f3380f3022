import { type App, createApp } from '../../src/app.js';
import { readConfig } from '../../src/config.js';
import { atEnd } from './at-end.js';
import { startRedis } from './redis-server.js';
import { serverEnvironment } from './server-environment.js';

/** Where a server answers: in this process or in one of its own. */
export interface Reachable {
  url: string;
}

export interface TestServer extends Reachable {
  app: App;
  close(): Promise<void>;
}

/** A server in this process, on a free port, put together exactly as `npm run serve` does. Closes with the test or file. */
export async function startServer({
  redisUrl,
  ...overrides
}: { redisUrl: string } & NodeJS.ProcessEnv): Promise<TestServer> {
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

/** The same with a Redis of its own: where limits are on, what one test has taken would be missing in the next. */
export async function startServerAlone(overrides: NodeJS.ProcessEnv): Promise<TestServer> {
  return startServer({ redisUrl: (await startRedis()).url, ...overrides });
}
