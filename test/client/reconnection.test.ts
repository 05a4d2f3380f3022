import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Server } from 'socket.io';
import { describe, expect, it } from 'vitest';
import { Connection, type ConnectionOptions } from '../../src/client/connection.js';
import { atEnd } from '../support/at-end.js';
import { until } from '../support/until.js';

/** A server as far as a connection sees one, which can be told what to say. */
class Lookalike {
  /** Paths of what was asked over HTTP, with the time. */
  readonly asked: { path: string; at: number }[] = [];
  /** When each connection came. */
  readonly came: number[] = [];
  health: object = { ok: true, upMs: 3_600_000 };
  /** Everything but the question whether it is there is refused. */
  isShut = false;
  /** Whether the connections that there are hear anything. */
  isSilent = false;
  readonly http: HttpServer;
  private readonly io: Server;
  private readonly wires = new Set<Socket>();

  private constructor() {
    this.http = createServer((request, response) => {
      const at = performance.now();
      this.asked.push({ path: request.url ?? '', at });
      if (request.url?.endsWith('/healthz')) response.end(JSON.stringify(this.health));
      else response.writeHead(503).end();
    });
    this.http.on('connection', (wire) => this.wires.add(wire));
    this.io = new Server(this.http, {
      allowRequest: (_, answer) => answer(this.isShut ? 'shut' : null, !this.isShut),
    });
    this.io.of('/live').on('connection', (socket) => {
      this.came.push(performance.now());
      socket.on('ping', (_, answer) => {
        if (!this.isSilent) answer({ ok: true, data: {} });
      });
    });
  }

  static async start(port = 0): Promise<Lookalike> {
    const server = new Lookalike();
    atEnd(() => server.stop());
    server.http.listen(port, '127.0.0.1');
    await once(server.http, 'listening');
    return server;
  }

  get port(): number {
    return (this.http.address() as AddressInfo).port;
  }

  /** Ends the connections as a network does, without a word. */
  breakAll(): void {
    for (const socket of this.io.of('/live').sockets.values()) socket.conn.close();
  }

  async stop(): Promise<void> {
    if (!this.http.listening) return;
    const closed = this.io.close();
    // Also those that are kept for the next question, or on their way to becoming a socket.
    for (const wire of this.wires) wire.destroy();
    await closed;
  }

  questions(): number {
    return this.asked.filter(({ path }) => path.endsWith('/healthz')).length;
  }
}

function connect(url: string, socket: ConnectionOptions['socket'] = {}): Connection {
  const connection = new Connection('/live', {
    url,
    socket: { transports: ['websocket'], ...socket },
  });
  atEnd(() => connection.close());
  return connection;
}

async function connected(server: Lookalike, socket?: ConnectionOptions['socket']) {
  const connection = connect(`http://127.0.0.1:${server.port}`, socket);
  await until('it is connected', () => connection.isOnline);
  return connection;
}

describe.concurrent('a connection', () => {
  it('that was closed while it was lost stays closed', async () => {
    const server = await Lookalike.start();
    const { port } = server;
    const connection = await connected(server);
    await server.stop();
    await until('it is lost', () => !connection.isOnline);
    await delay(700);
    connection.close();
    const again = await Lookalike.start(port);
    connection.reconnectNow();
    await delay(1_500);
    expect([again.came.length, again.questions()]).toEqual([0, 0]);
  });

  it('does not come back to what only answers in a server’s place', async () => {
    const server = await Lookalike.start();
    server.health = { ok: false };
    await connected(server, { reconnectionDelay: 60_000, reconnectionDelayMax: 60_000 });
    server.breakAll();
    await until('it has asked', () => server.questions() > 2);
    expect(server.came.length).toBe(1);
    server.health = { ok: true };
    await until('it is back', () => server.came.length === 2);
  });

  it('asks ever more seldom where the server answers and lets nobody in', async () => {
    const server = await Lookalike.start();
    await connected(server);
    server.isShut = true;
    server.breakAll();
    await delay(5_000);
    expect(server.questions()).toBeLessThan(4);
  });

  it('that is silent is left alone for a while where the network is well', async () => {
    const server = await Lookalike.start();
    await connected(server);
    server.isSilent = true;
    const since = performance.now();
    await until('another is made', () => server.came.length === 2);
    expect((server.came[1] ?? 0) - since).toBeGreaterThan(4_000);
    expect(server.questions()).toBeGreaterThan(0);
  });
});
