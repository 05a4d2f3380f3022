/** A point in time on the device's wall clock and on its steady one, epoch ms and ms. */
export interface Moment {
  wall: number;
  steady: number;
}

export function moment(): Moment {
  return { wall: Date.now(), steady: performance.now() };
}

/**
 * Milliseconds since then. The steady clock of some devices stands still while they sleep, and the wall clock can be set back;
 * the larger of the two is never too short.
 */
export function elapsed(since: Moment): number {
  return Math.max(Date.now() - since.wall, performance.now() - since.steady);
}

/** How far the two clocks have come apart since then, ms: the device slept, or its wall clock was set. */
export function drift(since: Moment): number {
  return Math.abs(Date.now() - since.wall - (performance.now() - since.steady));
}

/** The server's clock as this device can know it. Deadlines are the server's, and device clocks are often wrong. */
export class ServerClock {
  private offset = 0;
  private uncertainty = Number.POSITIVE_INFINITY;

  /** False until the server has sent its time once. */
  get isKnown(): boolean {
    return this.uncertainty < Number.POSITIVE_INFINITY;
  }

  /** `now()` is right to within so many ms: half the round trip of the sample in use. Infinite while unknown. */
  get uncertaintyMs(): number {
    return this.uncertainty;
  }

  /** Epoch ms on the server's clock; the device's own while that is unknown. */
  now(): number {
    return Date.now() + this.offset;
  }

  /**
   * Takes in an answer that carried the server's time (all three in epoch ms, two of them on this device). The sample of the
   * shortest round trip counts, until another contradicts it: then a clock was set, and the later one is right.
   */
  sample(serverTime: number, sentAt: number, receivedAt: number): void {
    const offset = serverTime - (sentAt + receivedAt) / 2;
    const uncertainty = Math.max(0, receivedAt - sentAt) / 2;
    const contradicts = Math.abs(offset - this.offset) > uncertainty + this.uncertainty;
    if (uncertainty > this.uncertainty && !contradicts) return;
    this.offset = offset;
    this.uncertainty = uncertainty;
  }
}
