import type { Socket } from 'socket.io-client';
import type { ErrorBody } from '../protocol/errors.js';
import { LiveholdError } from './errors.js';
import { type Token, TokenKeeper } from './token.js';

/** A server that turned a connection away is asked again after this, ms; Socket.IO returns to a lost one by itself. */
const RETURN_AFTER_MS = 1_500;
/** Refusals that the same token will meet again. */
const FOR_GOOD: ReadonlySet<LiveholdError['code']> = new Set(['UNAUTHENTICATED', 'FORBIDDEN']);
const TOKEN_ENDED: ErrorBody = {
  code: 'UNAUTHENTICATED',
  message: 'The token has ended; sign in again.',
};

/** Brings a socket back where Socket.IO by itself would give up or wait, with the token that is good now. */
export class Reconnection {
  private readonly raw: Pick<Socket, 'connect' | 'connected' | 'disconnect'>;
  private readonly refuse: (error: LiveholdError) => void;
  private readonly token: TokenKeeper;
  private triedFreshToken = false;
  private handshakes = 0;
  private underway = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** @param refuse is called when no token will be let in */
  constructor(
    raw: Pick<Socket, 'connect' | 'connected' | 'disconnect'>,
    token: Token | undefined,
    refuse: (error: LiveholdError) => void,
  ) {
    this.raw = raw;
    this.refuse = refuse;
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

  connected(): void {
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
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ifLost(), RETURN_AFTER_MS);
  }

  ifLost(): void {
    if (!this.raw.connected) this.now();
  }

  now(): void {
    clearTimeout(this.timer);
    this.raw.disconnect().connect();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.token.stop();
  }

  private showNewToken(): void {
    if (this.underway === 0) this.now();
  }
}
