import type { Booking } from '../../src/protocol/booking.js';
import type { Ack } from '../../src/protocol/events.js';
import type { Snapshot } from '../../src/protocol/snapshot.js';
import {
  Connection,
  type ConnectionListener,
  isAccepted,
  parseAnswer,
} from '../client/connection.js';

/** The server said no, in its own words. */
class Refusal extends Error {
  override name = 'Refusal';
}

/** One viewer of a load test: a connection, and the commands that the scenarios need. */
export class Visitor {
  readonly number: number;
  /** Busy with something that takes several steps. */
  busy = false;
  /** In the live, and told of its stock. */
  watching = false;
  private readonly connection: Connection;
  private readonly place: { shopId: string; liveId: string };

  private constructor(
    number: number,
    connection: Connection,
    place: { shopId: string; liveId: string },
  ) {
    this.number = number;
    this.connection = connection;
    this.place = place;
  }

  static async arrive(
    number: number,
    place: { url: string; shopId: string; liveId: string },
    token: string | undefined,
    listener: ConnectionListener,
  ): Promise<Visitor> {
    const connection = await Connection.open({ url: place.url, token }, listener);
    return new Visitor(number, connection, place);
  }

  /** @throws Refusal */
  async join(): Promise<Snapshot> {
    const { shopId, liveId } = this.place;
    const snapshot = await this.ask<Snapshot>('live:join', { shopId, liveId });
    this.watching = true;
    return snapshot;
  }

  async leaveLive(): Promise<void> {
    this.watching = false;
    await this.ask('live:leave', { liveId: this.place.liveId });
  }

  /** Without a promise for each: there are thousands a second. */
  book(
    itemId: string,
    requestId: string,
    onAnswer: (outcome: { booking: Booking } | { code: string }) => void,
  ): void {
    const request = { liveId: this.place.liveId, itemId, quantity: 1, requestId };
    this.connection.send('booking:create', JSON.stringify(request), (answer) => {
      const parsed = parseAnswer<{ booking: Booking }>(answer);
      onAnswer(
        isAccepted(answer) && parsed.ok
          ? { booking: parsed.data.booking }
          : { code: codeOf(parsed) },
      );
    });
  }

  /** Any command. @throws Refusal */
  async ask<Data>(event: string, payload: unknown): Promise<Data> {
    const answer = await this.connection.request<Data>(event, payload);
    if (!answer.ok) throw new Refusal(answer.error.code);
    return answer.data;
  }

  leave(): void {
    this.connection.destroy();
  }
}

function codeOf(answer: Ack<unknown>): string {
  return answer.ok ? 'OK' : answer.error.code;
}
