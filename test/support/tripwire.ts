import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { scripts } from '../../src/store/scripts/index.js';
import { atEnd } from './at-end.js';
import type { RedisServer } from './redis-server.js';

export type Moment = 'before' | 'after';

/**
 * Counts the steps by which a server changes anything outside itself: commands that write to Redis, and requests to the
 * payment gateway. Armed, it springs right before the n-th step is passed on, or right after it was carried out and
 * before its answer is; from then on nothing goes through any more.
 */
export class Tripwire {
  /** What was passed on since it was armed, in order. */
  readonly steps: string[] = [];
  /** Resolves when `spring` is done. */
  readonly sprung: Promise<void>;
  private readonly spring: () => Promise<unknown>;
  private done: () => void = () => {};
  private point: { step: number; moment: Moment } | undefined;
  private isOver = false;

  constructor(spring: () => Promise<unknown>) {
    this.spring = spring;
    this.sprung = new Promise((resolve) => {
      this.done = resolve;
    });
  }

  /** Counts from here on; springs at the given step, the first being 1, or never. */
  arm(step = Number.POSITIVE_INFINITY, moment: Moment = 'before'): void {
    this.point = { step, moment };
  }

  /** Carries out a step, unless it is the one before which everything ends; answers whether its answer may pass. */
  async pass(step: string, carryOut: () => Promise<void> | void): Promise<boolean> {
    if (this.isOver) return false;
    if (!this.point) {
      await carryOut();
      return true;
    }
    this.steps.push(step);
    const isIt = this.steps.length === this.point.step;
    if (isIt && this.point.moment === 'before') return this.end();
    if (isIt) this.isOver = true;
    await carryOut();
    return isIt ? this.end() : true;
  }

  get over(): boolean {
    return this.isOver;
  }

  private end(): false {
    this.isOver = true;
    void this.spring().then(this.done);
    return false;
  }
}

const WRITES =
  /^(EVALSHA|EVAL|SET|SETNX|DEL|EXPIRE|H(SET|SETNX|DEL|INCRBY)|[LR]PUSH|LTRIM|Z(ADD|REM\w*))$/i;
const NAMES = new Map(Object.values(scripts).map(({ name, sha }) => [sha, name]));
/** What servers do by themselves now and then; not a step of anyone's. */
const BACKGROUND = /release_due|livehold:active|audience/;

/** A name for a command that is a step; undefined for reads and for what goes on in the background. */
function stepOf([name = '', key = '', keyCount = '', shop = '']: string[]): string | undefined {
  if (!WRITES.test(name)) return undefined;
  const script = NAMES.get(key);
  const step = script ? `${script} ${keyCount && shop}` : `${name} ${key}`;
  if (BACKGROUND.test(step)) return undefined;
  return script ?? `${name} ${key.replace(/\{.*?\}|[\w-]{36}/g, '…')}`;
}

/** A Redis address behind which every step passes the wire. */
export async function wireRedis(redis: RedisServer, wire: Tripwire): Promise<string> {
  const server = createServer((client) => new WiredLink(client, connect(redis.socketPath), wire));
  return `redis://127.0.0.1:${await listen(server)}`;
}

class WiredLink {
  private readonly client: Socket;
  private readonly redis: Socket;
  private readonly wire: Tripwire;
  private pending: Buffer = Buffer.alloc(0);
  private work: Promise<void> = Promise.resolve();
  private executed: { marker: string; tell: () => void } | undefined;

  constructor(client: Socket, redis: Socket, wire: Tripwire) {
    this.client = client;
    this.redis = redis;
    this.wire = wire;
    client.on('data', (chunk) => {
      this.pending = Buffer.concat([this.pending, chunk]);
      for (let next = parseCommand(this.pending); next; next = parseCommand(this.pending)) {
        const raw = this.pending.subarray(0, next.end);
        this.pending = this.pending.subarray(next.end);
        const { args } = next;
        this.work = this.work.then(() => this.forward(raw, args));
      }
    });
    redis.on('data', (chunk) => {
      if (!this.wire.over) this.client.write(chunk);
      else if (this.executed && chunk.includes(this.executed.marker)) this.executed.tell();
    });
    for (const socket of [client, redis]) {
      socket.on('error', () => {});
      socket.on('close', () => {
        client.destroy();
        redis.destroy();
      });
    }
  }

  private async forward(raw: Buffer, args: string[]): Promise<void> {
    const step = stepOf(args);
    if (!step) {
      if (!this.wire.over) this.redis.write(raw);
      return;
    }
    await this.wire.pass(step, async () => {
      this.redis.write(raw);
      if (this.wire.over) await this.untilExecuted();
    });
  }

  /** Redis works off a connection in order: whatever comes back after this, what was asked before has been done. */
  private untilExecuted(): Promise<void> {
    const marker = `executed-${Math.random()}`;
    return new Promise((resolve) => {
      this.executed = { marker, tell: resolve };
      this.redis.write(`*2\r\n$4\r\nECHO\r\n$${marker.length}\r\n${marker}\r\n`);
    });
  }
}

/** The first command of a RESP stream, once it is complete. */
function parseCommand(bytes: Buffer): { args: string[]; end: number } | undefined {
  let at = 0;
  const line = () => {
    const end = bytes.indexOf('\r\n', at);
    if (end < 0) return undefined;
    const text = bytes.toString('latin1', at + 1, end);
    at = end + 2;
    return Number(text);
  };
  const count = line();
  if (count === undefined) return undefined;
  const args: string[] = [];
  for (let i = 0; i < count; i++) {
    const length = line();
    if (length === undefined || at + length + 2 > bytes.length) return undefined;
    args.push(bytes.toString('utf8', at, at + length));
    at += length + 2;
  }
  return { args, end: at };
}

/** The gateway's address behind which every request passes the wire. */
export async function wireGateway(baseUrl: string, wire: Tripwire): Promise<string> {
  const server = createHttpServer(async (request, response) => {
    const { method = 'GET', url = '', headers } = request;
    const body = method === 'GET' ? undefined : await buffer(request);
    const step = `gateway ${url.split('/').at(-1)}`;
    let answer: Response | undefined;
    const mayPass = await wire.pass(step, async () => {
      const { host: _, connection: __, ...rest } = headers;
      const sent = { method, headers: rest as Record<string, string>, ...(body && { body }) };
      answer = await fetch(baseUrl + url, sent);
    });
    if (!mayPass || !answer) return;
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  return `http://127.0.0.1:${await listen(server)}`;
}

/** The address that the world knows, in front of whichever server is up. */
export class FrontDoor {
  private target: URL | undefined;
  private port = 0;

  static async open(): Promise<FrontDoor> {
    const door = new FrontDoor();
    door.port = await listen(createServer((client) => door.link(client)));
    return door;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  lead(url: string): void {
    this.target = new URL(url);
  }

  private link(client: Socket): void {
    if (!this.target) return void client.destroy();
    const server = connect(Number(this.target.port), this.target.hostname);
    for (const socket of [client, server]) {
      socket.on('error', () => {});
      socket.on('close', () => {
        client.destroy();
        server.destroy();
      });
    }
    client.pipe(server).pipe(client);
  }
}

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  atEnd(async () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
