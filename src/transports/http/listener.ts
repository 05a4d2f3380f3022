import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Logger } from 'pino';
import type { Underway } from '../underway.js';

/** Connections that wait to be accepted: a live that goes on air brings thousands within a second. */
const BACKLOG = 4_096;

/** What is wrong with the address, by the setting that is to be mended. */
const PORT_ERRORS = ['EADDRINUSE', 'EACCES'];
const HOST_ERRORS = ['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EINVAL'];

/** The HTTP server. It counts what runs, and ends also those who never finish what they began to send. */
export class Listener {
  readonly server: Server;
  private readonly sockets = new Set<Socket>();

  constructor(serve: RequestListener, underway: Underway, log: Logger) {
    this.server = createServer((request, response) => {
      underway.begin();
      response.once('close', () => underway.end());
      serve(request, response);
    });
    this.server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
    // Such as too many open files: those who are connected are served on.
    this.server.on('error', (error) => log.warn({ error: error.message }, 'could not listen'));
  }

  /** Answers the port. @throws Error that names `PORT` or `HOST` */
  async listen(port: number, host: string): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', (error) => reject(named(error)));
      this.server.listen({ port, host, backlog: BACKLOG }, resolve);
    });
    return (this.server.address() as AddressInfo).port;
  }

  /** Nobody new is let in; connections with nothing under way end. */
  stopAccepting(): void {
    this.server.close();
  }

  /** Ends every connection that is left, whatever it waits for, upgraded ones too. */
  destroyConnections(): void {
    for (const socket of this.sockets) socket.destroy();
  }
}

function named(error: Error): Error {
  const code = 'code' in error ? String(error.code) : '';
  const setting = PORT_ERRORS.includes(code) ? 'PORT' : HOST_ERRORS.includes(code) ? 'HOST' : '';
  return setting === '' ? error : new Error(`${setting}: ${error.message}`);
}
