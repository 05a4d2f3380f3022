/**
 * Sends the look-alike's notifications, with Midtrans' documented retries (reference/best-practices-to-handle-notification),
 * its hours shrunk to milliseconds, and with the faults a webhook must stand: lost, repeated, out of order.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { notification, type Transaction } from './midtrans-transactions.js';

export interface NotifierOptions {
  serverKey: string;
  /** For charges that name no address of their own; with neither, nothing is sent. */
  webhookUrl?: string;
  /** Before each repeat; Midtrans waits 2 min, 10 min, 30 min, 1.5 h and 3.5 h. */
  retryDelaysMs?: readonly number[];
  /** How long a webhook may take; Midtrans' is 15 s. */
  answerTimeoutMs?: number;
}

interface Letter {
  url: string;
  body: Record<string, unknown>;
}

interface Delivery {
  paymentId: string;
  transactionStatus: string;
  /** 0 for the first try, then counting the repeats. */
  attempt: number;
  /** What the webhook answered; null when it did not. */
  httpStatus: number | null;
}

const MAX_RETRIES = 5;

export class MidtransNotifier {
  readonly deliveries: Delivery[] = [];
  webhookUrl: string | undefined;
  /** Every notification is sent this many times, at the same moment. */
  copies = 1;
  /** Nothing is sent: the webhook is lost for good. */
  dropping = false;

  readonly #serverKey: string;
  readonly #retryDelaysMs: readonly number[];
  readonly #answerTimeoutMs: number;
  readonly #closing = new AbortController();
  readonly #underWay = new Set<Promise<void>>();
  #held: Letter[] | undefined;

  constructor(options: NotifierOptions) {
    this.#serverKey = options.serverKey;
    this.webhookUrl = options.webhookUrl;
    this.#retryDelaysMs = options.retryDelaysMs ?? [2, 10, 30, 90, 210];
    this.#answerTimeoutMs = options.answerTimeoutMs ?? 2_000;
  }

  /** Returns at once; {@link idle} tells when it has been delivered or given up. */
  send(transaction: Transaction): void {
    const url = transaction.notificationUrl ?? this.webhookUrl;
    if (this.dropping || !url) return;
    const letter = { url, body: notification(transaction, this.#serverKey) };
    if (this.#held) this.#held.push(letter);
    else this.#start(letter);
  }

  /** Keeps what is sent from now on, until {@link release}. */
  hold(): void {
    this.#held ??= [];
  }

  /** Delivers what was held one after the other, in reverse order if asked, each after the one before was answered. */
  async release(order: 'as sent' | 'reversed' = 'as sent'): Promise<void> {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const letter of order === 'reversed' ? held.reverse() : held) {
      this.#start(letter);
      await this.idle();
    }
  }

  /** Until every notification has been delivered or given up, repeats included. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.idle();
  }

  #start(letter: Letter): void {
    for (let copy = 0; copy < this.copies; copy += 1) {
      const delivery = this.#deliver(letter).finally(() => this.#underWay.delete(delivery));
      this.#underWay.add(delivery);
    }
  }

  async #deliver(letter: Letter): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      const httpStatus = await this.#post(letter);
      const [paymentId, transactionStatus] = [
        letter.body.order_id,
        letter.body.transaction_status,
      ].map(String) as [string, string];
      this.deliveries.push({ paymentId, transactionStatus, attempt, httpStatus });
      if (attempt >= Math.min(retriesFor(httpStatus), this.#retryDelaysMs.length)) return;
      const signal = this.#closing.signal;
      await delay(this.#retryDelaysMs[attempt], undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
    }
  }

  async #post({ url, body }: Letter): Promise<number | null> {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          'user-agent': 'Veritrans',
        },
        body: JSON.stringify(body),
        redirect: 'manual',
        signal: AbortSignal.any([this.#closing.signal, AbortSignal.timeout(this.#answerTimeoutMs)]),
      });
      await response.arrayBuffer();
      return response.status;
    } catch {
      return null;
    }
  }
}

function retriesFor(httpStatus: number | null): number {
  if (httpStatus !== null && httpStatus >= 200 && httpStatus < 400) return 0;
  switch (httpStatus) {
    case 500:
      return 1;
    case 400:
    case 404:
      return 2;
    case 503:
      return 4;
    default:
      return MAX_RETRIES;
  }
}
