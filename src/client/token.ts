/** A token, or what fetches one: it is asked before each connection, and again shortly before its token ends. */
export type Token = string | (() => string | undefined | Promise<string | undefined>);

/** A new token is fetched so long before the old one ends, ms, but not in the first half of its life. */
const RENEW_BEFORE_MS = 30_000;
/** The longest that a timer can be set for, ms. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export async function fetchToken(token: Token | undefined): Promise<string | undefined> {
  return typeof token === 'function' ? await token() : token;
}

/** When a token stops working, epoch ms. Whether it is good at all is for the server to say. */
function expiryOf(token: string | undefined): number {
  try {
    const body = (token?.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const { exp } = JSON.parse(atob(body)) as { exp?: number };
    return exp === undefined ? Number.POSITIVE_INFINITY : exp * 1_000;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** The token of one connection: which was shown, when it ends, and the next one. */
export class TokenKeeper {
  private readonly given: Token | undefined;
  private readonly on: { renewed(): void; ended(): void };
  private current: string | undefined;
  private next: string | undefined;
  private timers: ReturnType<typeof setTimeout>[] = [];
  private watched = false;

  /** @param on `renewed`: there is a next token to be shown; `ended`: there is none, and the old one works no more */
  constructor(given: Token | undefined, on: { renewed(): void; ended(): void }) {
    this.given = given;
    this.on = on;
  }

  get isPresent(): boolean {
    return this.current !== undefined;
  }

  get hasNext(): boolean {
    return this.next !== undefined;
  }

  get canRenew(): boolean {
    return typeof this.given === 'function';
  }

  /** The token to show now. Throws what the caller's function throws. */
  async take(): Promise<string | undefined> {
    this.current = this.next ?? (await fetchToken(this.given));
    this.next = undefined;
    return this.current;
  }

  /** Sets the timers for the token that was shown, once. @param now epoch ms on the server's clock */
  watch(now: number): void {
    if (this.watched) return;
    this.watched = true;
    const left = Math.max(0, expiryOf(this.current) - now);
    if (left > LONGEST_TIMER_MS) return;
    this.timers = [
      setTimeout(() => void this.renew(), Math.max(left / 2, left - RENEW_BEFORE_MS)),
      setTimeout(() => (this.hasNext ? this.on.renewed() : this.on.ended()), left),
    ];
  }

  /** Fetches the next token. False when there is none that lasts longer. */
  async renew(): Promise<boolean> {
    if (!this.canRenew) return false;
    const next = await fetchToken(this.given).catch(() => undefined);
    if (next === undefined || expiryOf(next) <= expiryOf(this.current)) return false;
    this.next = next;
    this.on.renewed();
    return true;
  }

  stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers = [];
    this.watched = false;
  }
}
