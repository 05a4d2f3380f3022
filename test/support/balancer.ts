import { once } from 'node:events';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { atEnd } from './at-end.js';
import type { Reachable } from './server-environment.js';

/** Round robin over TCP, with no memory of who was where; a server that refuses is passed over, as balancers do. */
export async function startBalancer(servers: Reachable[]): Promise<Reachable> {
  const ports = servers.map(({ url }) => Number(new URL(url).port));
  const open = new Set<Socket>();
  let turn = 0;

  function link(client: Socket, tries: number): void {
    const server = connect(ports[turn++ % ports.length] as number, '127.0.0.1');
    server.once('connect', () => {
      for (const [one, other] of [
        [client, server],
        [server, client],
      ] as const) {
        open.add(one);
        one.pipe(other);
        one.once('close', () => {
          open.delete(one);
          other.destroy();
        });
      }
    });
    server.on('error', () => {
      if (server.connecting && tries > 1) link(client, tries - 1);
      else client.destroy();
    });
  }

  const balancer = createServer((client) => {
    client.on('error', () => client.destroy());
    link(client, ports.length);
  });
  return listening(balancer, () => {
    for (const socket of open) socket.destroy();
  });
}

/** By the caller's name, as `ip_hash` goes by the caller's address: all requests of one client reach one server. */
export function startStickyBalancer(servers: Reachable[], header: string): Promise<Reachable> {
  function pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const name = String(incoming.headers[header] ?? '');
    const sum = [...name].reduce((total, letter) => total + letter.charCodeAt(0), 0);
    const target = servers[sum % servers.length] as Reachable;
    const { method, headers } = incoming;
    const onward = request(
      `${target.url}${incoming.url}`,
      { method: method ?? 'GET', headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  }
  const balancer = createHttpServer(pass);
  return listening(balancer, () => balancer.closeAllConnections());
}

async function listening(balancer: Server, endAll: () => void): Promise<Reachable> {
  balancer.listen(0, '127.0.0.1');
  await once(balancer, 'listening');
  atEnd(async () => {
    balancer.close();
    endAll();
    await once(balancer, 'close');
  });
  return { url: `http://127.0.0.1:${(balancer.address() as AddressInfo).port}` };
}
