import type { Socket } from 'socket.io-client';
import type { ErrorBody } from '../protocol/errors.js';
import { LiveholdError } from './errors.js';
import { Scout } from './scout.js';
import { type Token, TokenKeeper } from './token.js';

/** A server that turned a connection away is asked again after this, ms; Socket.IO returns to a lost one by itself. */
const RETURN_AFTER_MS = 1_500;
/** What the scout saw is given so long to show in the connection itself, or in the attempt under way, ms. */
const GRACE_MS = 200;
/** A connection that was given up for nothing, for its line was full, is given more the next time, if that is soon, ms. */
const SOON_MS = 10_000;
const MORE = 4;
/** Where the network is well and the connection silent all the same, the scout goes out this seldom, ms. */
const WELL_EVERY_MS = 2_000;
/** An attempt has so long before it counts as one that hangs, ms, and the next one twice as long. */
const ATTEMPT_MS = { least: 1_500, most: 8_000 };
/** Refusals that the same token will meet again. */
const FOR_GOOD: ReadonlySet<LiveholdError['code']> = new Set(['UNAUTHENTICATED', 'FORBIDDEN']);
const TOKEN_ENDED: ErrorBody = {
  code: 'UNAUTHENTICATED',
  message: 'The token has ended; sign in again.',
};

/** Brings a socket back where Socket.IO by itself would give up or wait, with the token that is good now. */
export class Reconnection {
  private readonly raw: Pick<Socket, 'active' | 'connect' | 'connected' | 'disconnect'>;
  private readonly refuse: (error: LiveholdError) => void;
  private readonly token: TokenKeeper;
  private readonly scout: Scout;
  private heardSome = false;
  /** The attempt under way has come as far as the server. */
  private opened = false;
  /** Since anything was received the browser has said that the network went or came, or the silence has become long. */
  private doubted = false;
  private askAfter = GRACE_MS;
  /** When a silent connection was last given up, and what it had been given to show that it lives. */
  private gaveUpAt = Number.NEGATIVE_INFINITY;
  private gave = GRACE_MS;
  private stopped = false;
  /** When the attempt that is under way began. */
  private attemptAt: number | undefined = performance.now();
  private patience = ATTEMPT_MS.least;
  private triedFreshToken = false;
  private handshakes = 0;
  private underway = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private verdict: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param url of the server
   * @param refuse is called when no token will be let in
   */
  constructor(
    raw: Pick<Socket, 'active' | 'connect' | 'connected' | 'disconnect'>,
    url: string,
    token: Token | undefined,
    refuse: (error: LiveholdError) => void,
  ) {
    this.raw = raw;
    this.refuse = refuse;
    this.scout = new Scout(url, (wasAway) => this.reachable(wasAway));
    this.token = new TokenKeeper(token, {
      renewed: () => this.showNewToken(),
      ended: () => refuse(new LiveholdError(TOKEN_ENDED)),
    });
  }

  /** Gives Socket.IO the token of a connection that is being made. */
  async showToken(show: (auth: object) => void): Promise<void> {
    this.handshakes += 1;
    const { handshakes } = this;
    try {
      const token = await this.token.take();
      if (handshakes === this.handshakes) show(token === undefined ? {} : { token });
    } catch {
      // Whoever issues tokens cannot be reached either.
      this.raw.disconnect();
      this.soon();
    }
  }

  /** The server said something, or a connection to it has opened. */
  heard(): void {
    this.heardSome = true;
    this.opened = true;
    if (!this.raw.connected) return;
    this.scout.stop();
    this.doubted = false;
    this.askAfter = GRACE_MS;
  }

  /** The connection is silent. */
  doubtful(): void {
    this.scout.start(this.askAfter);
  }

  /** The browser says that the network has gone or come. */
  networkChanged(): void {
    this.doubted = true;
  }

  /** It has been silent for so long that it counts as gone, however well the network is. */
  silent(): void {
    this.doubted = true;
    this.scout.stop();
    this.scout.start(GRACE_MS);
  }

  /** It ended, or an attempt failed. Socket.IO makes another some time. */
  lost(): void {
    this.attemptAt = undefined;
    if (this.raw.active) this.scout.start();
  }

  /** Socket.IO makes one now. */
  attempt(): void {
    this.forgetVerdict();
    this.attemptAt = performance.now();
    this.heardSome = false;
    this.opened = false;
    this.scout.start(this.patience);
  }

  connected(): void {
    this.forgetVerdict();
    this.attemptAt = undefined;
    this.patience = ATTEMPT_MS.least;
    this.scout.stop();
    this.triedFreshToken = false;
    this.token.stop();
  }

  /** The server's time is known: so is when the token ends. @param now epoch ms on the server's clock */
  timeIsKnown(now: number): void {
    this.token.watch(now);
  }

  /** The server itself refused the connection. */
  turnedAway(body: ErrorBody | undefined): void {
    const error = new LiveholdError(body ?? 'OFFLINE');
    const forGood = FOR_GOOD.has(error.code);
    const again = !forGood || (this.token.canRenew && !this.triedFreshToken);
    this.triedFreshToken = forGood;
    if (again) this.soon();
    else this.refuse(error);
  }

  /** The server refused a command because of the token. */
  async tokenFailed(error: LiveholdError): Promise<void> {
    if (this.token.isPresent && !(await this.token.renew())) this.refuse(error);
  }

  /** A new token takes a new connection, but not while answers are awaited over the old one. */
  async afterwards<T>(work: () => Promise<T>): Promise<T> {
    this.underway += 1;
    try {
      return await work();
    } finally {
      this.underway -= 1;
      if (this.token.hasNext) this.showNewToken();
    }
  }

  soon(): void {
    if (this.stopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ifLost(), RETURN_AFTER_MS);
  }

  ifLost(): void {
    if (!this.raw.connected) this.now();
  }

  now(): void {
    if (this.stopped) return;
    this.stopWaiting();
    this.raw.disconnect().connect();
    this.attempt();
  }

  stop(): void {
    this.stopped = true;
    this.stopWaiting();
    this.token.stop();
  }

  private stopWaiting(): void {
    clearTimeout(this.timer);
    this.forgetVerdict();
    this.scout.stop();
  }

  private forgetVerdict(): void {
    clearTimeout(this.verdict);
    this.verdict = undefined;
  }

  /**
   * The server can be reached: what hangs nevertheless is left for a new connection. Not at once where the network was well all
   * the time: then it may be the server that is slow, and thousands of new connections are the last thing it needs.
   * @param wasAway whether it could not be reached a moment ago
   */
  private reachable(wasAway: boolean): void {
    if (this.verdict !== undefined) return;
    if (this.raw.connected && !wasAway && !this.doubted) {
      this.askAfter = WELL_EVERY_MS;
      return;
    }
    this.heardSome = false;
    this.verdict = setTimeout(() => {
      this.verdict = undefined;
      if (!this.heardSome) this.giveUp();
    }, this.grace());
  }

  private giveUp(): void {
    this.patience = Math.min(ATTEMPT_MS.most, this.patience * 2);
    if (this.raw.connected) {
      this.gave = this.nextGrace();
      this.gaveUpAt = performance.now();
    }
    this.now();
  }

  private nextGrace(): number {
    const isSoon = performance.now() - this.gaveUpAt < SOON_MS;
    return isSoon ? Math.min(ATTEMPT_MS.most, this.gave * MORE) : GRACE_MS;
  }

  /** How long what is there may still take to show that it lives, ms. */
  private grace(): number {
    const { attemptAt } = this;
    if (attemptAt === undefined)
      return this.raw.connected ? this.nextGrace() * (1 + Math.random()) : 0;
    const patience = this.opened ? ATTEMPT_MS.most : this.patience;
    return Math.max(GRACE_MS * (1 + Math.random()), attemptAt + patience - performance.now());
  }

  private showNewToken(): void {
    if (this.underway === 0) this.now();
  }
}
