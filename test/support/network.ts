import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { atEnd } from './at-end.js';
import type { Reachable } from './server-environment.js';

/** The network between clients and a server, as TCP has it: what was sent into it while it stood still arrives later. */
export async function startNetwork(server: Reachable): Promise<Network> {
  const network = new Network(Number(new URL(server.url).port));
  atEnd(() => network.close());
  await network.listen();
  return network;
}

export class Network implements Reachable {
  private readonly port: number;
  private readonly server = createServer((client) => this.link(client));
  private readonly links = new Set<Link>();
  private frozen = false;
  private delayMs = 0;

  constructor(port: number) {
    this.port = port;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async listen(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
  }

  /** Nothing moves in either direction, and nothing closes: a phone without reception. */
  freeze(): void {
    this.frozen = true;
    for (const link of this.links) link.freeze();
  }

  /** Everything that was sent meanwhile arrives, in order. */
  thaw(): void {
    this.frozen = false;
    for (const link of this.links) link.thaw();
  }

  /** Breaks every connection; new ones come through. */
  cut(): void {
    for (const link of this.links) link.break();
  }

  /** The server's side of every connection ends and the client's side hears nothing of it: a router forgot it. */
  forget(): void {
    for (const link of this.links) link.forget();
  }

  /** Holds everything that the server says back for so long, ms. */
  delay(ms: number): void {
    this.delayMs = ms;
  }

  /** Swallows the next thing that the server says with this text, and breaks that connection. Resolves when it has. */
  loseAnswer(text: string): Promise<void> {
    return new Promise((resolve) => {
      for (const link of this.links) link.loseAnswer(text, resolve);
    });
  }

  async close(): Promise<void> {
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }

  private link(client: Socket): void {
    const link = new Link(client, connect(this.port, '127.0.0.1'), () => this.delayMs);
    this.links.add(link);
    client.on('close', () => this.links.delete(link));
    if (this.frozen) link.freeze();
  }
}

/** One connection through the network. */
class Link {
  private readonly client: Socket;
  private readonly server: Socket;
  private forgotten = false;
  private unwanted: { text: string; lost: () => void } | undefined;

  constructor(client: Socket, server: Socket, delayMs: () => number) {
    this.client = client;
    this.server = server;
    client.on('data', (chunk) => {
      if (!this.forgotten) server.write(chunk);
    });
    client.on('end', () => server.end());
    server.on('end', () => this.forgotten || client.end());
    server.on('data', (chunk) => {
      if (this.unwanted && chunk.includes(this.unwanted.text)) {
        this.break();
        this.unwanted.lost();
      } else if (delayMs() > 0) setTimeout(() => client.write(chunk), delayMs());
      else client.write(chunk);
    });
    for (const socket of [client, server]) socket.on('error', () => this.forgotten || this.break());
    client.on('close', () => server.destroy());
  }

  freeze(): void {
    this.client.pause();
    this.server.pause();
  }

  thaw(): void {
    this.client.resume();
    this.server.resume();
  }

  loseAnswer(text: string, lost: () => void): void {
    this.unwanted = { text, lost };
  }

  forget(): void {
    this.forgotten = true;
    this.server.destroy();
  }

  break(): void {
    this.client.destroy();
    this.server.destroy();
  }
}
