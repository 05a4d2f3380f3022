/** A reading that answered sooner is believed for this long, ms. */
const BELIEVED_MS = 5_000;
/** A clock that went back by more than this, ms, was set back; less is the time that an answer was under way. */
const STEPPED_BACK_MS = 1_000;

/**
 * Redis's clock as this server last read it, for timers and for telling late commands; what decides asks Redis itself. It is held against the
 * monotonic clock, so whatever the machine's own wall clock says or does has no part in it.
 */
export class RedisClock {
  /** Redis's clock minus the monotonic one, ms; undefined until the first reading. */
  private offset: number | undefined;
  private readAt = 0;

  /** An answer has come that was made at `now`, epoch ms of Redis's clock. */
  read(now: number): void {
    const at = performance.now();
    const offset = now - at;
    const { offset: known } = this;
    // Of several readings the one with the largest offset was under way the shortest.
    const better = known === undefined || offset >= known || known - offset > STEPPED_BACK_MS;
    if (!better && at - this.readAt < BELIEVED_MS) return;
    this.offset = offset;
    this.readAt = at;
  }

  /** Epoch ms of Redis's clock, a few ms behind at most; undefined until the first reading. */
  now(): number | undefined {
    return this.offset === undefined ? undefined : performance.now() + this.offset;
  }

  /** How long until a time of Redis's clock, ms; 0 when it is over, or when there was no reading yet. */
  until(time: number): number {
    if (this.offset === undefined) return 0;
    return Math.max(0, time - this.offset - performance.now());
  }
}
