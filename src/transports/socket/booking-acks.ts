import type { Booking } from '../../protocol/booking.js';

/**
 * More than can be on their way at once; past it the oldest are forgotten, and their sockets are told once more. Those whose
 * event Redis has lost stay until then: whatever is told of the booking later says something else, and is told.
 */
const LIMIT = 20_000;

interface Pending {
  /** JSON of what the acknowledgement said; undefined until there is one. */
  acked: string | undefined;
  /** What was published before the acknowledgement, and what sends it after all. */
  withheld: { payload: string; tell: () => void } | undefined;
}

/**
 * A socket that made a booking has it in its acknowledgement, so `booking:updated` of the booking just made goes to the
 * viewer's other sockets only. What is withheld is exactly what the acknowledgement says, word for word; when the command
 * is answered with an error although the booking was made, the socket is told like the others.
 */
export class BookingAcks {
  private readonly pending = new Map<string, Pending>();

  /** Runs the command of a socket that makes this booking. `repeated`: it had been made before, and is not published. */
  async answering<Answer extends { booking: Booking; repeated: boolean }>(
    socketId: string,
    bookingId: string,
    make: () => Promise<Answer>,
  ): Promise<Answer> {
    const key = keyOf(socketId, bookingId);
    const pending: Pending = { acked: undefined, withheld: undefined };
    this.remember(key, pending);
    try {
      const answer = await make();
      pending.acked = JSON.stringify({ booking: answer.booking });
      if (answer.repeated || pending.withheld) this.pending.delete(key);
      // A repeat may meet the end of what was made before.
      if (pending.withheld?.payload !== pending.acked) pending.withheld?.tell();
      return answer;
    } catch (error) {
      this.pending.delete(key);
      pending.withheld?.tell();
      throw error;
    }
  }

  /**
   * Whether a socket is not to be told of a booking.
   * @param payload JSON of what it would be told
   * @param tell sends it later, should the command fail
   */
  withholds(socketId: string, bookingId: string, payload: string, tell: () => void): boolean {
    if (this.pending.size === 0) return false;
    const key = keyOf(socketId, bookingId);
    const pending = this.pending.get(key);
    if (!pending) return false;
    if (pending.acked === undefined) {
      if (pending.withheld) return false;
      pending.withheld = { payload, tell };
      return true;
    }
    this.pending.delete(key);
    return pending.acked === payload;
  }

  private remember(key: string, pending: Pending): void {
    this.pending.set(key, pending);
    if (this.pending.size <= LIMIT) return;
    const [oldest] = this.pending.keys();
    if (oldest !== undefined) this.pending.delete(oldest);
  }
}

function keyOf(socketId: string, bookingId: string): string {
  return `${socketId} ${bookingId}`;
}
