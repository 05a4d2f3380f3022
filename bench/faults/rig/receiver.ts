import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { Webhook as Verifier } from 'standardwebhooks';
import type { PublicEvent } from '../../../src/protocol/webhook.js';
import type { Random } from '../random.js';

/** How it is down: it answers 503, takes no connections, or takes the event and dies before it says so. */
const DOWN = ['failing', 'away', 'dying'] as const;
type State = 'up' | (typeof DOWN)[number];
const LEAST_MS = 200;
const MOST_MS = 900;

/** A merchant's system that is down half of the time, and goes by the signature. */
export class ShakyReceiver {
  /** As `POST /webhooks` answered it. */
  secret = '';
  /** What it took, as often as it came. */
  readonly got: PublicEvent[] = [];
  /** Bodies whose signature was not the secret's. */
  forged = 0;
  private readonly server = createServer((request, response) => {
    void text(request)
      .then((body) => this.take(body, request.headers as Record<string, string>, response))
      .catch(() => response.destroy());
  });
  private readonly port: Promise<number>;
  private readonly stopping = new AbortController();
  private state: State = 'up';
  private shaking = Promise.resolve();

  private constructor() {
    this.port = this.listen(0);
  }

  static async start(random: Random): Promise<ShakyReceiver> {
    const receiver = new ShakyReceiver();
    await receiver.port;
    receiver.shaking = receiver.shake(random);
    return receiver;
  }

  async url(): Promise<string> {
    return `http://127.0.0.1:${await this.port}/hook`;
  }

  /** It goes down no more. */
  async steady(): Promise<void> {
    this.stopping.abort();
    await this.shaking;
  }

  async close(): Promise<void> {
    await this.steady();
    this.server.closeAllConnections();
    this.server.close();
  }

  private async shake(random: Random): Promise<void> {
    const { signal } = this.stopping;
    const pause = () =>
      delay(random.whole(LEAST_MS, MOST_MS), undefined, { signal }).catch(() => {});
    while (!signal.aborted) {
      await pause();
      this.state = random.pick(DOWN);
      if (this.state === 'away') await this.leave();
      await pause();
      if (this.state === 'away') await this.listen(await this.port);
      this.state = 'up';
    }
  }

  private async listen(port: number): Promise<number> {
    this.server.listen(port, '127.0.0.1');
    await once(this.server, 'listening');
    return (this.server.address() as AddressInfo).port;
  }

  private async leave(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  private take(body: string, headers: Record<string, string>, response: ServerResponse): void {
    if (this.state === 'failing') {
      response.writeHead(503).end();
      return;
    }
    try {
      this.got.push(new Verifier(this.secret).verify(body, headers) as PublicEvent);
    } catch {
      this.forged += 1;
    }
    if (this.state === 'dying') response.destroy();
    else response.writeHead(204).end();
  }
}
