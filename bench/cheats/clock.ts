import { setTimeout as delay } from 'node:timers/promises';

/** The evening's own time: its minutes are shorter than real ones, and so are all durations of the shop's settings. */
export class EveningClock {
  /** How long a minute of the evening really lasts, ms. */
  readonly minuteMs: number;
  private readonly start = performance.now();

  constructor(minuteMs: number) {
    this.minuteMs = minuteMs;
  }

  /** Minutes of the evening that have gone by. */
  get now(): number {
    return (performance.now() - this.start) / this.minuteMs;
  }

  async wait(minutes: number): Promise<void> {
    await delay(Math.max(0, minutes * this.minuteMs));
  }

  /** @param minute of the evening; one that is over resolves at once */
  until(minute: number): Promise<void> {
    return this.wait(minute - this.now);
  }

  /** A setting in minutes, as the server has to be told it. */
  minutes(setting: number): number {
    return (setting * this.minuteMs) / 60_000;
  }

  /** The same for whole seconds, at least one. */
  seconds(setting: number): number {
    return setting === 0 ? 0 : Math.max(1, Math.round((setting * this.minuteMs) / 60_000));
  }
}
