import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { PublicEvent } from '../../src/protocol/webhook.js';
import { atEnd } from '../support/at-end.js';
import { until } from '../support/until.js';

export interface Received {
  event: PublicEvent;
  body: string;
  headers: Record<string, string>;
}

/** A merchant's system that takes what it is sent, as long as `answers` says 2xx. */
export class Receiver {
  url = '';
  readonly got: Received[] = [];
  answers: (path: string) => number | Promise<number> = () => 204;
  readonly paths: string[] = [];

  static async start(): Promise<Receiver> {
    const receiver = new Receiver();
    const server = createServer(async (request, response) => {
      const { url: path = '' } = request;
      const body = await text(request);
      receiver.paths.push(path);
      const status = await receiver.answers(path);
      if (status < 300) {
        const headers = request.headers as Record<string, string>;
        receiver.got.push({ event: JSON.parse(body), body, headers });
      }
      response.writeHead(status, { location: '/elsewhere' }).end(`answer ${status}`);
    });
    atEnd(() => void server.closeAllConnections());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return receiver;
  }

  /** What came of one type, each once. */
  events(type?: PublicEvent['type']): PublicEvent[] {
    const byId = new Map(this.got.map(({ event }) => [event.id, event]));
    return [...byId.values()].filter((event) => type === undefined || event.type === type);
  }

  async next(type: PublicEvent['type'], count = 1): Promise<Received> {
    await until(`${count} of ${type}`, () => this.events(type).length >= count);
    return this.got.filter(({ event }) => event.type === type)[count - 1] as Received;
  }
}
