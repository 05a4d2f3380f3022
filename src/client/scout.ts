/** Until the first question, ms: an answer that is only slow, or Socket.IO's own first attempt, comes before it. */
const FIRST_MS = 400;
/** Between questions that fail at once, ms; more as time goes by. */
const PAUSE_MS = { least: 320, most: 4_000 };
/** A question without an answer is asked again after this, ms: TCP itself repeats what was lost ever more seldom. */
const UNANSWERED_MS = 1_500;
/** A server that started while nobody reached it has lost everybody: they come back over so long, ms. */
const SPREAD_MS = 3_000;

/**
 * While a connection is lost or silent, asks beside it whether the server can be reached: a phone's network is back, or was
 * never gone, long before the old connection or the next attempt of a back-off shows it. One question at a time.
 */
export class Scout {
  private readonly url: string;
  private readonly found: (wasAway: boolean) => void;
  private since = 0;
  private wasAway = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private question: AbortController | undefined;

  /**
   * @param found is called when there was an answer, with whether one question before it had none; whoever asks for more calls
   * `start` again
   */
  constructor(url: string, found: (wasAway: boolean) => void) {
    this.url = `${url}/healthz`;
    this.found = found;
  }

  /** Does nothing while it asks already. @param firstMs until the first question, ms */
  start(firstMs = FIRST_MS): void {
    if (this.timer !== undefined) return;
    this.since = performance.now();
    this.wasAway = false;
    this.next(firstMs);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.question?.abort();
    this.question = undefined;
  }

  private next(ms: number): void {
    this.timer = setTimeout(() => this.ask(), ms * (0.7 + 0.6 * Math.random()));
  }

  private ask(): void {
    if (this.question !== undefined) this.wasAway = true;
    this.question?.abort();
    const question = new AbortController();
    this.question = question;
    const gone = performance.now() - this.since;
    this.next(Math.max(UNANSWERED_MS, gone / 3));
    fetch(this.url, { signal: question.signal })
      .then((answer) => answer.json() as Promise<{ ok?: unknown; upMs?: number }>)
      .then(({ ok, upMs }) => {
        if (question.signal.aborted) return;
        // A proxy answers for a server that is away.
        if (ok !== true) throw new Error('this is not the server');
        this.stop();
        const restarted = (upMs ?? Number.POSITIVE_INFINITY) < performance.now() - this.since;
        this.timer = setTimeout(
          () => {
            this.timer = undefined;
            this.found(this.wasAway);
          },
          restarted ? Math.random() * SPREAD_MS : 0,
        );
      })
      .catch(() => {
        if (question.signal.aborted) return;
        this.question = undefined;
        this.wasAway = true;
        clearTimeout(this.timer);
        this.next(Math.min(PAUSE_MS.most, Math.max(PAUSE_MS.least, gone / 25)));
      });
  }
}
