import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import {
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { Socket } from 'node:net';
import { pipeline } from 'node:stream';
import type { Server as SocketServer } from 'socket.io';

/** The other workers that share the port. */
export interface Workers {
  /** This one. */
  readonly id: number;
  /** Where a worker listens for requests of its sessions that another one has accepted. */
  socketOf(worker: number): string;
  handOver(to: number, socket: Socket, request: Buffer): void;
  onHandOver(listener: (socket: Socket, request: Buffer) => void): void;
}

/** What Engine.IO answers to an id that it does not know; the client then starts over. */
const UNKNOWN = JSON.stringify({ code: 1, message: 'Session ID unknown' });

/**
 * A session of a client that polls is many requests, over whatever connections the client or a proxy has open, and any worker may
 * accept any of them. So an id names the worker that has its session: a polling request is passed on to it over a local socket,
 * and a connection that becomes a WebSocket is given to it for good. A client that begins with a WebSocket stays where it is.
 *
 * Answers how to stop.
 */
export function passToOwners(server: Server, io: SocketServer, workers: Workers): () => void {
  io.engine.generateId = () => `w${workers.id}_${randomBytes(15).toString('base64url')}`;
  const requests = server.listeners('request') as ((
    ...of: [IncomingMessage, ServerResponse]
  ) => void)[];
  const upgrades = server.listeners('upgrade') as ((
    ...of: [IncomingMessage, Socket, Buffer]
  ) => void)[];
  server.removeAllListeners('request').removeAllListeners('upgrade');
  server.on('request', (incoming, response) => {
    const owner = ownerOf(incoming);
    if (owner === undefined || owner === workers.id)
      for (const serve of requests) serve.call(server, incoming, response);
    else relay(incoming, response, workers.socketOf(owner));
  });
  server.on('upgrade', (incoming: IncomingMessage, socket: Socket, head: Buffer) => {
    const owner = ownerOf(incoming);
    if (owner === undefined || owner === workers.id)
      for (const serve of upgrades) serve.call(server, incoming, socket, head);
    else workers.handOver(owner, socket, Buffer.concat([textOf(incoming), head]));
  });
  workers.onHandOver((socket, request) => {
    server.emit('connection', socket);
    socket.emit('data', request);
    socket.resume();
  });
  return receive(server, workers);
}

/** Serves what other workers pass on. */
function receive(server: Server, workers: Workers): () => void {
  const path = workers.socketOf(workers.id);
  const inner = createServer((incoming, response) => server.emit('request', incoming, response));
  // Not through the process that started this one: it would share the path out among the workers.
  inner.listen({ path, exclusive: true });
  inner.unref();
  return () => {
    inner.close();
    inner.closeAllConnections();
    rmSync(path, { force: true });
  };
}

/** The worker that the session of a request belongs to. */
function ownerOf({ url = '' }: IncomingMessage): number | undefined {
  const [, id] = /[?&]sid=w(\d+)_/.exec(url) ?? [];
  return id === undefined ? undefined : Number(id);
}

/**
 * A connection each: one that is kept could be closed at its other end in the moment in which it is used again. It is closed
 * here, once the answer is whole: an owner that closed it upon answering would break the end of a request still being passed on.
 */
function relay(incoming: IncomingMessage, response: ServerResponse, socketPath: string): void {
  const { method, url: path, headers } = incoming;
  const to = { socketPath, method, path, agent: false };
  const onward = request({ ...to, headers: { ...headers, connection: 'keep-alive' } }, (answer) => {
    const { connection: _, 'keep-alive': __, ...passed } = answer.headers;
    response.writeHead(answer.statusCode ?? 502, passed);
    // An owner that dies in the middle of an answer ends it here too.
    pipeline(answer, response, () => {});
  });
  onward.on('error', () => {
    if (response.headersSent) response.destroy();
    else response.writeHead(400, { 'Content-Type': 'application/json' }).end(UNKNOWN);
  });
  response.once('close', () => onward.destroy());
  incoming.pipe(onward);
}

/** A request's head as it came. */
function textOf({ method, url, rawHeaders }: IncomingMessage): Buffer {
  const lines = [`${method} ${url} HTTP/1.1`];
  for (let i = 0; i < rawHeaders.length; i += 2)
    lines.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`);
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}
