/** Livehold as it is built, in a process of the rig. The environment is its configuration. */
import { serve } from '../rig/serve.js';

interface BuiltApp {
  createApp(config: unknown): {
    listen(): Promise<{ port: number }>;
    start(): Promise<void>;
    close(): Promise<void>;
  };
}
interface BuiltConfig {
  readConfig(env: NodeJS.ProcessEnv): unknown;
}

const DIST = new URL('../../../', import.meta.url);
const { createApp } = (await import(new URL('app.js', DIST).href)) as BuiltApp;
const { readConfig } = (await import(new URL('config.js', DIST).href)) as BuiltConfig;

const app = createApp(readConfig(process.env));
const { port } = await app.listen();
// It listens before its Redis is there; what is measured is a server that serves.
await app.start();

const methods = {
  /** The port that it listens on. */
  ready: () => port,
};
export type ProductMethods = typeof methods;
serve(methods, () => app.close());
