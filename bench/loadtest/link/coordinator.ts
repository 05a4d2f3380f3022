import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, isIPv6, type Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { z } from 'zod';
import type { Address, Options } from '../options.js';
import { UsageError } from '../usage-error.js';
import { clock } from '../visitor.js';
import type { Worker } from '../worker-handle.js';
import { type ClockSpan, compareClocks, widened } from './clock-span.js';
import { Consent, Greeting, Result } from './messages.js';
import { LINK_VERSION, Wire } from './wire.js';

/** To say who it is. */
const GREET_WITHIN_MS = 10_000;

/** Waits until so many machines have joined, and answers their processes. @throws UsageError when they do not come in time */
export async function gatherMachines(
  at: Address,
  { machines: count, wait, key: secretKey }: Pick<Options, 'machines' | 'wait' | 'key'>,
  target: string,
): Promise<{ workers: Worker[]; close(why?: string): void }> {
  const key = secretKey ?? randomBytes(12).toString('base64url');
  const server = createServer();
  server.listen(at.port, at.host);
  await once(server, 'listening').catch((error: Error) => {
    throw new UsageError(`--coordinator: ${error.message}`);
  });
  const { port } = server.address() as AddressInfo;
  const shown = `${isIPv6(at.host) ? `[${at.host}]` : at.host}:${port}`;
  const said = secretKey === undefined ? ` --key ${key}` : ', and the key';
  console.error(`Waiting for ${count} to join: npm run loadtest -- --join ${shown}${said}`);
  const late = delay(wait * 1_000, undefined, { ref: false });
  const machines = await admit(server, count, key, target, late).finally(() => server.close());
  return {
    workers: machines.flatMap((machine) => machine.workers),
    close: (why) => {
      for (const machine of machines) machine.release(why);
    },
  };
}

function admit(
  server: Server,
  count: number,
  key: string,
  target: string,
  late: Promise<unknown>,
): Promise<Machine[]> {
  const machines = new Set<Machine>();
  let isComplete = false;
  return new Promise((resolve, reject) => {
    void late.then(() => {
      if (isComplete) return;
      const came = `${machines.size} of ${count} machines have joined in time`;
      for (const machine of machines) machine.release(`Only ${came}.`);
      reject(new UsageError(`--wait: ${came}`));
    });
    server.on('connection', (socket) => {
      const machine = new Machine(new Wire(socket));
      machine.welcome(key, target).then(
        () => {
          if (isComplete) return machine.release('Enough machines have joined.');
          machines.add(machine);
          machine.onGone = () => machines.delete(machine);
          console.error(`${machine.peer} has joined (${machines.size} of ${count})`);
          if (machines.size < count) return;
          isComplete = true;
          resolve([...machines]);
        },
        (error: Error) => console.error(`${machine.peer} did not join: ${error.message}`),
      );
    });
  });
}

type Answer = z.infer<typeof Result>;
type Asked = { process: number; method: string; args: unknown[] } | { clock: true };

/** Another machine, and the processes that it lends. */
class Machine {
  workers: Worker[] = [];
  onGone: () => void = () => {};
  private readonly wire: Wire;
  private readonly waiting = new Map<number, (answer: Answer) => void>();
  private nextId = 0;
  private span: ClockSpan | undefined;
  private gone: string | undefined;
  private heard: (message: unknown) => void = () => {};

  constructor(wire: Wire) {
    this.wire = wire;
    wire.onMessage = (message) => this.heard(message);
    wire.onEnd = (reason) => this.left(reason);
  }

  get peer(): string {
    return this.wire.peer;
  }

  /** Resolves when it is ready for work. @throws when it does not know the key, or does not want to */
  async welcome(key: string, target: string): Promise<void> {
    const timer = setTimeout(() => this.wire.end('it did not say who it is'), GREET_WITHIN_MS);
    const greeting = Greeting.safeParse(await this.next()).data;
    clearTimeout(timer);
    const refused = refusal(greeting, key);
    if (!greeting || refused) {
      this.wire.send({ refused });
      this.wire.end(refused);
      throw new Error(refused);
    }
    this.wire.trusted = true;
    this.wire.send({ target });
    const consent = Consent.safeParse(await this.next()).data;
    if (!consent || 'declined' in consent) {
      this.wire.end();
      throw new Error(consent?.declined ?? 'what it says makes no sense');
    }
    this.heard = (message) => this.answered(message);
    const span = await this.compareClocks();
    this.workers = Array.from({ length: greeting.processes }, (_, process) => ({
      ahead: (span.least + span.most) / 2,
      call: (method, ...args) => this.ask({ process, method, args }) as never,
      clock: () => this.compareClocks(),
      stop: async () => this.release(),
    }));
  }

  /** It has done its part. @param why nothing came of it */
  release(why?: string): void {
    this.wire.send({ over: true, why });
    this.wire.end();
  }

  private async compareClocks(): Promise<ClockSpan> {
    const now = await compareClocks(() => this.ask({ clock: true }) as Promise<number>, clock);
    this.span = widened(this.span ?? now, now);
    return this.span;
  }

  private next(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.gone !== undefined) return reject(new Error(this.gone));
      this.waiting.set(-1, ({ error }) => reject(new Error(error)));
      this.heard = (message) => {
        this.waiting.delete(-1);
        resolve(message);
      };
    });
  }

  private ask(order: Asked): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.gone !== undefined) return reject(new Error(this.complaint()));
      const id = this.nextId++;
      this.waiting.set(id, ({ result, error }) => {
        if (error === undefined) resolve(result);
        else reject(new Error(error));
      });
      this.wire.send({ id, ...order });
    });
  }

  private answered(message: unknown): void {
    const answer = Result.safeParse(message).data;
    if (answer) {
      this.waiting.get(answer.id)?.(answer);
      this.waiting.delete(answer.id);
    } else this.wire.end('what it says makes no sense');
  }

  private left(reason: string): void {
    this.gone = reason;
    for (const [id, settle] of this.waiting)
      settle({ id, error: id < 0 ? reason : this.complaint() });
    this.waiting.clear();
    this.onGone();
  }

  private complaint(): string {
    return `${this.peer}, which had a part of the load, is gone (${this.gone}): what it was told is unknown, so there is no verdict`;
  }
}

function refusal(greeting: z.infer<typeof Greeting> | undefined, key: string): string | undefined {
  if (!greeting) return 'this is the coordinator of a load test, and that was no greeting';
  if (greeting.version !== LINK_VERSION)
    return 'another version of the load test: use the same on all machines';
  const [given, right] = [greeting.key, key].map((text) => hash('sha256', text, 'buffer'));
  if (given && right && timingSafeEqual(given, right)) return undefined;
  return 'wrong key';
}
