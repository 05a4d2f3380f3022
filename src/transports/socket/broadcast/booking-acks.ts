/**
 * More than can be on their way at once; past it the oldest are forgotten, and their sockets get the event once more. What is not
 * published any more, for Redis has lost it or it was published before a repeat was answered, stays until then: the next event
 * of the booking ends it.
 */
const LIMIT = 20_000;

/**
 * A socket that made a booking has it in its acknowledgement, so `booking:updated` of the booking just made goes to the
 * viewer's other sockets only. What is withheld is exactly what the acknowledgement says, word for word.
 *
 * A command that has no answer yet withholds nothing, so a socket gets all events in the order of the commits. Events are
 * published after the answers that Redis gave before them (`StreamFollower`): what is published while a command waits was made
 * by an earlier attempt, whose own answer was lost.
 */
export class BookingAcks {
  /** JSON of the event that says what a socket was answered, by socket and booking. */
  private readonly answers = new Map<string, string>();

  /** A socket's command is answered with this booking, as it was made. @param json of the booking */
  answered(socketId: string, bookingId: string, json: string): void {
    this.answers.set(keyOf(socketId, bookingId), `{"booking":${json}}`);
    if (this.answers.size <= LIMIT) return;
    const [oldest] = this.answers.keys();
    if (oldest !== undefined) this.answers.delete(oldest);
  }

  /** Whether the event of a booking is withheld from a socket. @param payload JSON of the event */
  withholds(socketId: string, bookingId: string, payload: string): boolean {
    if (this.answers.size === 0) return false;
    const key = keyOf(socketId, bookingId);
    const answer = this.answers.get(key);
    if (answer === undefined) return false;
    this.answers.delete(key);
    return answer === payload;
  }
}

function keyOf(socketId: string, bookingId: string): string {
  return `${socketId} ${bookingId}`;
}
