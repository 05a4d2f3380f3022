import { drift, elapsed, moment } from './clock.js';

const TICK_MS = 250;
/** After so long without a word from the server it is asked for one, ms; sooner where it spoke often. */
const ASK_AFTER_MS = { least: 1_000, most: 2_500 };
/** Times the usual pause between its words. */
const UNUSUAL = 8;
/** How much the last pause counts for the usual one. */
const WEIGHT = 1 / 8;
/** After so long the connection counts as gone, ms: with a tick, and what a page takes to show it, less than 5 s. */
const SILENT_AFTER_MS = 4_500;
/** After so long it is given up and made again, ms. A slow network's answer may still come before that. */
const DEAD_AFTER_MS = 8_000;
/** A tick that comes so much too late means that the device slept; clocks that come apart by so much were set, ms. */
const ASLEEP_MS = 3_000;
const CLOCK_JUMP_MS = 1_500;

export interface Pulse {
  /** Makes the server say something. */
  ask(): void;
  /** It was asked and has not answered with the next tick: somebody else may know more. */
  doubtful(): void;
  /** Nothing was received for nearly 5 s: what is shown may be stale. */
  silent(): void;
  /** Something was received after all. */
  alive(): void;
  /** Nothing was received for so long that waiting is no use. */
  dead(): void;
  /** The device slept, its clock was set, or its page is looked at again: what is known may be old. */
  woke(): void;
}

/**
 * Notices that a connection is gone long before Socket.IO does (45 s). Whatever arrives is a sign of life, so a busy live costs
 * nothing; a silent one costs a ping every 2.5 s, and a page that nobody looks at none at all.
 */
export class Heartbeat {
  private readonly pulse: Pulse;
  private readonly timer = setInterval(() => this.tick(), TICK_MS);
  private readonly stopWatching: () => void;
  private lastTick = moment();
  private watching = false;
  private heardAt = 0;
  private asked = false;
  private usualPause = ASK_AFTER_MS.most;
  private saidSilent = false;
  private hidden = isHidden();

  constructor(pulse: Pulse) {
    this.pulse = pulse;
    this.stopWatching = onShown(() => this.shown());
  }

  /** There is a connection to listen to. */
  connected(): void {
    this.watching = true;
    this.saidSilent = false;
    this.heard();
  }

  /** There is none any more. */
  disconnected(): void {
    this.watching = false;
    this.saidSilent = false;
  }

  /** Something came in. */
  heard(): void {
    const now = performance.now();
    const pause = Math.min(ASK_AFTER_MS.most, now - this.heardAt);
    this.usualPause += (pause - this.usualPause) * WEIGHT;
    this.heardAt = now;
    this.asked = false;
    if (!this.saidSilent) return;
    this.saidSilent = false;
    this.pulse.alive();
  }

  /** The network is said to be gone, or another one: asks at once instead of after the usual silence. */
  doubt(): void {
    if (this.watching && !this.asked) this.ask();
  }

  stop(): void {
    clearInterval(this.timer);
    this.stopWatching();
  }

  private tick(): void {
    const since = this.lastTick;
    this.lastTick = moment();
    const late = elapsed(since) - TICK_MS;
    if (late > ASLEEP_MS || drift(since) > CLOCK_JUMP_MS) this.wake();
    // After a late tick, what arrived meanwhile is read before it is judged. Timers of a hidden page are all late.
    if (!this.watching || this.hidden || late > TICK_MS) return;
    this.judge(performance.now() - this.heardAt);
  }

  private judge(silence: number): void {
    if (silence >= DEAD_AFTER_MS) {
      this.watching = false;
      this.pulse.dead();
    } else if (silence >= SILENT_AFTER_MS && !this.saidSilent) {
      this.saidSilent = true;
      this.pulse.silent();
    } else if (this.asked) this.pulse.doubtful();
    else if (silence >= this.patience()) this.ask();
  }

  private patience(): number {
    const { least, most } = ASK_AFTER_MS;
    return Math.min(most, Math.max(least, this.usualPause * UNUSUAL));
  }

  private ask(): void {
    this.asked = true;
    this.pulse.ask();
  }

  private shown(): void {
    const wasHidden = this.hidden;
    this.hidden = isHidden();
    if (wasHidden && !this.hidden) this.wake();
  }

  /** Silence that nobody listened to proves nothing: the server is asked, and has the usual time to answer. */
  private wake(): void {
    if (this.hidden) return;
    this.heardAt = performance.now() - ASK_AFTER_MS.most;
    this.asked = false;
    this.pulse.woke();
  }
}

/** What a browser's page has and Node has not. */
interface Page {
  document?: EventTarget & { visibilityState: string };
}

function isHidden(): boolean {
  return (globalThis as Page).document?.visibilityState === 'hidden';
}

function onShown(listener: () => void): () => void {
  const { document } = globalThis as Page;
  document?.addEventListener('visibilitychange', listener);
  return () => document?.removeEventListener('visibilitychange', listener);
}
