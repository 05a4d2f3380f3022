import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { type JoinOptions, target } from '../options.js';
import { totalsOf } from '../totals.js';
import { UsageError } from '../usage-error.js';
import { clock } from '../visitor.js';
import { type LocalWorker, startLocalWorker } from '../worker-handle.js';
import { Order, Reception } from './messages.js';
import { LINK_VERSION, Wire } from './wire.js';

/** Whoever is started first waits for the other. */
const COORDINATOR_WITHIN_MS = 60_000;
const TRY_EVERY_MS = 1_000;

/** Takes a part in the load that a coordinator gives; answers the exit status. */
export async function joinLoad(options: JoinOptions): Promise<number> {
  const { key, processes, owned } = options;
  const wire = await reach(options);
  const ended = new Promise<string>((resolve) => {
    wire.onEnd = resolve;
  });
  const reception = new Promise((resolve) => {
    wire.onMessage = resolve;
  });
  wire.trusted = true;
  wire.send({ version: LINK_VERSION, key, processes });
  const answer = await Promise.race([reception, ended.then(gone)]);
  const said = Reception.safeParse(answer).data;
  if (!said) throw new Error('that is not the coordinator of a load test');
  if ('refused' in said) throw new UsageError(`the coordinator refuses: ${said.refused}`);
  const origin = consent(said.target, owned, wire);
  const workers = Array.from({ length: processes }, startLocalWorker);
  try {
    const over = new Promise<string | undefined>((resolve) => {
      wire.onMessage = (message) => take(message, { workers, origin }, wire, resolve);
    });
    wire.send({ ready: true });
    console.error(`Taking a part of the load on ${said.target}.`);
    const why = await Promise.race([over, ended.then(gone)]);
    console.error(why ?? 'The load is over; the coordinator has the verdict.');
    return why === undefined && (await hasLoaded(workers)) ? 0 : 1;
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
    wire.end();
  }
}

/** Says so when none of the viewers that this machine was given could join. */
async function hasLoaded(workers: LocalWorker[]): Promise<boolean> {
  const { arrived, failed, reasons } = await totalsOf(workers);
  if (arrived > 0 || failed === 0) return true;
  console.error(`None of the ${failed} viewers of this machine could join: ${reasons.join('; ')}`);
  return false;
}

/** The coordinator may not send our load where we would not have sent it ourselves. */
function consent(url: string, owned: boolean, wire: Wire): string {
  try {
    return target(url, owned);
  } catch (error) {
    wire.send({ declined: `it was not told --yes-i-own-this-server for ${url}` });
    wire.end();
    throw error;
  }
}

async function reach({ join: { host, port } }: JoinOptions): Promise<Wire> {
  const end = performance.now() + COORDINATOR_WITHIN_MS;
  for (let attempt = 0; ; attempt++) {
    const socket = connect({ host, port });
    try {
      await once(socket, 'connect');
      return new Wire(socket);
    } catch (error) {
      const why = (error as Error).message;
      if (performance.now() > end) throw new Error(`no coordinator at ${host}:${port}: ${why}`);
      if (attempt === 0) console.error(`No coordinator at ${host}:${port} yet (${why}); waiting …`);
      await delay(TRY_EVERY_MS);
    }
  }
}

function gone(reason: string): never {
  throw new Error(`the coordinator is gone (${reason})`);
}

/** What is lent, and for a load on which server. */
interface Lent {
  workers: LocalWorker[];
  origin: string;
}

function take(message: unknown, lent: Lent, wire: Wire, over: (why?: string) => void): void {
  const order = Order.safeParse(message).data;
  if (!order) wire.end('what it says makes no sense');
  else if ('over' in order) over(order.why);
  else if ('clock' in order) wire.send({ id: order.id, result: clock() });
  else
    run(order, lent).then(
      (result) => wire.send({ id: order.id, result }),
      (error: Error) => wire.send({ id: order.id, error: error.message }),
    );
}

const Loaded = z.object({ url: z.string().transform((url) => new URL(url).origin) });

type Call = Extract<z.infer<typeof Order>, { method: string }>;

async function run({ process, method, args }: Call, { workers, origin }: Lent): Promise<unknown> {
  const worker = workers[process];
  if (!worker) throw new Error(`there is no process ${process}`);
  if (method === 'prepare' && Loaded.parse(args[0]).url !== origin)
    throw new Error(`it was asked for a load on ${origin} and on no other server`);
  return (worker.call as (method: string, ...args: unknown[]) => Promise<unknown>).call(
    worker,
    method,
    ...args,
  );
}
