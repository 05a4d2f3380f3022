/**
 * More than can be on their way at once; past it the oldest are forgotten, and their sockets get the event once more. Those whose
 * event Redis has lost stay until then: whatever is published of the booking later says something else, and is sent.
 */
const LIMIT = 20_000;

/** In the JSON of a booking that may just have been made. */
const HELD = '"status":"held"';

interface Pending {
  /** Commands under way that would make it: the same one sent twice, or another under the same request id. */
  running: number;
  /** JSON of what the acknowledgement of the one that made it said; undefined until there is one. */
  acked: string | undefined;
  /** JSON of what a repeat was answered, which is not published. */
  repeated: string | undefined;
  /** What was published before the acknowledgement, and what sends it after all. */
  withheld: { payload: string; send: Send } | undefined;
}

/** Sends a socket after all what was withheld from it. */
type Send = (socketId: string, payload: string) => void;

/**
 * A socket that made a booking has it in its acknowledgement, so `booking:updated` of the booking just made goes to the
 * viewer's other sockets only. What is withheld is exactly what the acknowledgement says, word for word; when the command
 * is answered with an error although the booking was made, the socket gets the event like the others.
 */
export class BookingAcks {
  private readonly pending = new Map<string, Pending>();

  /** Runs the command of a socket that makes this booking. `repeated`: it had been made before, and is not published. */
  async answering<Answer extends { json: { booking: string }; repeated: boolean }>(
    socketId: string,
    bookingId: string,
    make: () => Promise<Answer>,
  ): Promise<Answer> {
    const key = keyOf(socketId, bookingId);
    const pending = this.begin(key);
    try {
      const answer = await make();
      pending[answer.repeated ? 'repeated' : 'acked'] = `{"booking":${answer.json.booking}}`;
      return answer;
    } finally {
      pending.running--;
      this.settle(socketId, key, pending);
    }
  }

  /**
   * Whether the event of a booking is withheld from a socket.
   * @param payload JSON of the event
   * @param send sends it later, should the command fail
   */
  withholds(socketId: string, bookingId: string, payload: string, send: Send): boolean {
    if (this.pending.size === 0) return false;
    const key = keyOf(socketId, bookingId);
    const pending = this.pending.get(key);
    if (!pending) return false;
    if (pending.acked === undefined) {
      // What is told late comes after what happened since, so an end never waits, whoever repeats the command meanwhile.
      if (pending.withheld || !payload.includes(HELD)) return false;
      pending.withheld = { payload, send };
      return true;
    }
    this.pending.delete(key);
    return pending.acked === payload;
  }

  /** Whichever of the same commands made it, the socket has it: what one of them was answered outlasts the others. */
  private begin(key: string): Pending {
    const pending = this.pending.get(key) ?? {
      running: 0,
      acked: undefined,
      repeated: undefined,
      withheld: undefined,
    };
    pending.running++;
    this.pending.set(key, pending);
    if (this.pending.size > LIMIT) {
      const [oldest] = this.pending.keys();
      if (oldest !== undefined) this.pending.delete(oldest);
    }
    return pending;
  }

  /** After a command: what the acknowledgement says need not be sent, what it does not say is sent now. */
  private settle(socketId: string, key: string, pending: Pending): void {
    const { running, acked, repeated, withheld } = pending;
    if (acked === undefined && running > 0) return;
    // Its event is still to come.
    if (acked !== undefined && !withheld) return;
    if (this.pending.get(key) === pending) this.pending.delete(key);
    pending.withheld = undefined;
    // A repeat may meet what became of what was made before: a part cancelled, or restored.
    if (withheld && withheld.payload !== (acked ?? repeated))
      withheld.send(socketId, withheld.payload);
  }
}

function keyOf(socketId: string, bookingId: string): string {
  return `${socketId} ${bookingId}`;
}
