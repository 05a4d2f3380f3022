import cluster from 'node:cluster';
import { acceptLoss } from './accept-loss.js';
import { type App, createApp } from './app.js';
import { type Config, readConfig } from './config.js';
import { verify } from './verify.js';
import { WorkerLink } from './workers/link.js';
import { WorkerFailedError } from './workers/pool.js';
import { Primary } from './workers/primary.js';

/** What runs in this process: the server, or what starts the workers that are. */
interface Program {
  readonly log: App['log'];
  close(): Promise<void>;
}

let stopping = false;

/** In any state, also while it is still starting. */
async function stop(program: Program, signal: string): Promise<void> {
  if (stopping) return;
  stopping = true;
  program.log.info({ signal }, 'stopping');
  await program.close().catch((error: unknown) => {
    program.log.error({ err: error }, 'did not stop cleanly');
    process.exitCode = 1;
  });
  process.exit();
}

/** What cannot be mended by waiting is said in one line. */
async function fail(error: unknown, program?: Program): Promise<void> {
  const said = error instanceof WorkerFailedError;
  if (!said) console.error(`livehold: ${error instanceof Error ? error.message : String(error)}`);
  await program?.close().catch(() => {});
  process.exit(1);
}

async function serve(program: Program, start: () => Promise<void>): Promise<void> {
  // Before anything is started: what is begun is always ended.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void stop(program, signal));
  try {
    await start();
  } catch (error) {
    if (!stopping) await fail(error, program);
  }
}

async function runServer(config: Config): Promise<void> {
  const link = cluster.isWorker ? new WorkerLink(config.workers) : undefined;
  const app = createApp(config, link);
  await serve(app, async () => {
    // Where others serve already, nobody is to meet one that does not yet.
    if (link?.isLater) await app.start();
    const { port, url } = await app.listen();
    if (!link?.isLater) await app.start();
    if (link) link.ready();
    else app.log.info({ port, url }, 'livehold is up');
  });
}

async function runWorkers(config: Config): Promise<void> {
  const primary = new Primary(config);
  // A terminal that is closed says the same, and then nobody wants the server any more.
  if (!process.stdin.isTTY) process.on('SIGHUP', () => void primary.restart());
  await serve(primary, () => primary.start());
}

const LOCAL = { LIVEHOLD_LOCAL: 'true' };

/** Ends with 1 when there are differences. Without a `DATABASE_URL` it is the archive of a server in local mode. */
async function runVerify(shopIds: string[]): Promise<never> {
  const local = process.env.DATABASE_URL ? {} : LOCAL;
  const config = readConfig({ ...process.env, ...local });
  const problems = await verify(config, shopIds, (line) => process.stdout.write(`${line}\n`));
  process.exit(problems > 0 ? 1 : 0);
}

async function run(): Promise<void> {
  if (process.argv[2] === 'verify') await runVerify(process.argv.slice(3));
  if (process.argv[2] === 'accept-loss') {
    const local = process.env.REDIS_URL ? {} : LOCAL;
    await acceptLoss(readConfig({ ...process.env, ...local }));
    process.stdout.write('Accepted: the servers go on with the data that is there.\n');
    process.exit();
  }
  const config = readConfig(process.env);
  await (config.workers > 1 && cluster.isPrimary ? runWorkers(config) : runServer(config));
}

await run().catch((error: unknown) => fail(error));
