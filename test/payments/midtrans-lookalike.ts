/**
 * A look-alike of Midtrans' Core API for QRIS, over real HTTP on the loopback: its requests, status codes, Basic
 * authentication, idempotency keys and signed notifications as documented (reference/qris, get-transaction-status,
 * cancel-transaction, expire-transaction, code-4xx, api-headers), and the ways in which it can fail.
 *
 * Not imitated: other payment methods, partial refunds, notifications following redirects.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { IdempotencyKeys } from './midtrans-idempotency.js';
import { MidtransNotifier, type NotifierOptions } from './midtrans-notifier.js';
import { MidtransPayments } from './midtrans-payments.js';
import { isAuthorised } from './midtrans-transactions.js';

interface LookalikeOptions extends Omit<NotifierOptions, 'serverKey'> {
  serverKey?: string;
  /** Epoch milliseconds; a test that wants other times moves this clock. */
  now?: () => number;
}

interface RecordedRequest {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: unknown;
  /** What it was answered, or would have been had the answer not been dropped. */
  httpStatus: number;
}

interface RawAnswer {
  httpStatus: number;
  text: string;
}

export class MidtransLookalike {
  readonly serverKey: string;
  readonly payments: MidtransPayments;
  readonly notifier: MidtransNotifier;
  readonly requests: RecordedRequest[] = [];
  /** Sends the body's status code as the HTTP status too; otherwise nearly everything is HTTP 200. */
  httpStatusFollowsBody = false;

  readonly #idempotencyKeys: IdempotencyKeys;
  readonly #scripted: RawAnswer[] = [];
  #server: Server;
  #port = 0;
  #slowMs = 0;
  #failing = false;
  #dropAnswers = 0;

  private constructor(options: LookalikeOptions) {
    this.serverKey = options.serverKey ?? `SB-Mid-server-${randomUUID()}`;
    const now = options.now ?? Date.now;
    this.notifier = new MidtransNotifier({ ...options, serverKey: this.serverKey });
    this.payments = new MidtransPayments(now, (transaction) => this.notifier.send(transaction));
    this.#idempotencyKeys = new IdempotencyKeys(now);
    this.#server = this.#newServer();
  }

  static async start(options: LookalikeOptions = {}): Promise<MidtransLookalike> {
    const lookalike = new MidtransLookalike(options);
    await lookalike.#listen();
    return lookalike;
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Every answer comes this much later; what was asked is done at once. 0 = at once again. */
  slow(ms: number): void {
    this.#slowMs = ms;
  }

  /** Answers HTTP 503 and does nothing. */
  fail(failing = true): void {
    this.#failing = failing;
  }

  /** Connections are refused, open ones cut. */
  async goDown(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  /** Back at the same address. */
  async comeBack(): Promise<void> {
    this.#server = this.#newServer();
    await this.#listen();
  }

  /** The next requests are carried out, and their connections cut instead of answered. */
  dropAnswers(count = 1): void {
    this.#dropAnswers = count;
  }

  /** The next request gets this answer and is not carried out. */
  answerNext(httpStatus: number, body: unknown): void {
    this.#scripted.push({
      httpStatus,
      text: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  async close(): Promise<void> {
    await this.goDown();
    await this.notifier.close();
  }

  #newServer(): Server {
    return createServer((request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
  }

  async #listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString('utf8');
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    const { method = '', url: path = '', headers } = request;
    const answer = this.#rawAnswer(request, body);
    this.requests.push({ method, path, headers, body, httpStatus: answer.httpStatus });
    if (this.#dropAnswers > 0) {
      this.#dropAnswers -= 1;
      this.#idempotencyKeys.finish(request);
      response.destroy();
      return;
    }
    const send = () => {
      this.#idempotencyKeys.finish(request);
      response
        .writeHead(answer.httpStatus, { 'content-type': 'application/json' })
        .end(answer.text);
    };
    if (this.#slowMs === 0) return send();
    const timer = setTimeout(send, this.#slowMs);
    // Nobody waits any more: what was asked is done, and a repeat may have the answer.
    response.on('close', () => {
      clearTimeout(timer);
      this.#idempotencyKeys.finish(request);
    });
  }

  #rawAnswer(request: IncomingMessage, body: unknown): RawAnswer {
    const scripted = this.#scripted.shift();
    if (scripted) return scripted;
    if (this.#failing) return { httpStatus: 503, text: '<html>Service Unavailable</html>' };
    if (!isAuthorised(request.headers.authorization, this.serverKey)) {
      const refusal = {
        status_code: '401',
        status_message: 'Access denied due to unauthorized transaction',
      };
      return { httpStatus: 401, text: JSON.stringify(refusal) };
    }
    const answer = this.#idempotencyKeys.answerOnce(request, () =>
      this.payments.answer(request, body),
    );
    if (!answer) {
      return {
        httpStatus: 202,
        text: JSON.stringify({ status_code: '202', status_message: 'On process' }),
      };
    }
    const httpStatus = this.httpStatusFollowsBody ? Number(answer.status_code) : 200;
    return { httpStatus, text: JSON.stringify(answer) };
  }
}
