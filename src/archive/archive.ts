import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { ArchiveState } from '../protocol/endpoints-server.js';
import { archiveProgress, beginMark, readEntries } from '../store/events.js';
import { Followers } from '../store/followers.js';
import { allShops } from '../store/shops.js';
import type { Store } from '../store/store.js';
import { ANY_TIME, type ArchiveDatabase, migrate, openDatabase } from './database.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded.js';
import { ArchiveFollower } from './follower.js';
import { firstOlder, OLDER } from './moves.js';
import { Past } from './past.js';
import { Rewriting } from './rewriting.js';
import { placeOf } from './rows.js';

/** Where an installation keeps what Redis does not have to keep for ever. */
type ArchiveHome =
  | { url: string }
  | { embeddedIn: string }
  /** An embedded one of another process, which has an address once it is up. */
  | { shared: Promise<string> };

interface ArchiveOptions {
  home: ArchiveHome;
  store: Store;
  log: Logger;
  observer: ArchiveObserver;
  retentionDays: number;
}

interface ArchiveObserver {
  /** Called with how many entries of streams this server has archived. */
  archived(entries: number): void;
  /** Called now and then with how old the oldest event is that is not archived, of all shops, s; undefined while nobody knows. */
  behind(seconds: number | undefined): void;
}

const TRY_AGAIN_MS = 2_000;
const LOOK_EVERY_MS = 5_000;
const SAY_EVERY_MS = 60_000;
/** Events that wait so long are worth a word, s. */
const LATE = 60;
const BEHIND = 'the archive is behind; everything else goes on, and it will catch up';
/** What is under way may take so long to end when the server stops, ms. */
const END_MS = 3_000;

/**
 * The archive of all shops, in SQL. It follows what happens and decides nothing: when it is away, slow or full, everything
 * else goes on, and it catches up later from the event streams, which are kept until it has them.
 */
export class Archive {
  private readonly options: ArchiveOptions;
  private readonly followers: Followers;
  private readonly rewriting: Rewriting | undefined;
  private readonly stopping = new AbortController();
  private embedded: EmbeddedPostgres | undefined;
  private database: ArchiveDatabase | undefined;
  private address: string | undefined;
  private opening = Promise.resolve();
  private watching = Promise.resolve();
  private trouble: string | undefined = 'it is being opened';
  private late = { seconds: 0, since: 0 };
  private older: { shopId: string; since: number } | undefined;
  private saidAt = Number.NEGATIVE_INFINITY;

  constructor(options: ArchiveOptions) {
    this.options = options;
    const { store, log, observer, home } = options;
    const token = randomUUID();
    this.rewriting = 'url' in home ? undefined : new Rewriting(() => this.address, log);
    store.past = new Past(store, () => this.database);
    this.followers = new Followers({
      store,
      log,
      name: 'archive',
      find: async () => (await this.shops()).map((shopId) => ({ shopId, id: 'archive' })),
      follow: (shopId, _, stopping) => {
        const onArchived = observer.archived;
        return new ArchiveFollower(
          {
            store,
            db: this.db,
            log,
            token,
            stopping,
            onArchived,
            rewriting: this.rewriting,
            retentionDays: options.retentionDays,
          },
          shopId,
        );
      },
    });
  }

  /** Nobody waits for it: it opens while the server serves. */
  start(): void {
    this.opening = this.open().catch((error: unknown) => {
      this.options.log.error({ error: reasonOf(error) }, 'the archive cannot be opened');
    });
    this.watching = this.watch();
  }

  /** Resolves when what was under way has ended, or has had its time. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.race([this.end(), delay(END_MS, undefined, { ref: false })]);
  }

  /** @throws when it has not been opened yet */
  get db(): ArchiveDatabase {
    if (!this.database) throw new Error('the archive is not open');
    return this.database;
  }

  /** Resolves when it has been opened, for tests and commands. */
  async opened(): Promise<ArchiveDatabase> {
    await this.opening;
    return this.db;
  }

  /** From when on events are not archived, epoch ms, when that is worth a word. */
  get lateSince(): number | undefined {
    return this.late.seconds > LATE ? this.late.since : undefined;
  }

  /** When the archive was found to lack what has left Redis, epoch ms, until somebody accepts that. */
  get olderSince(): number | undefined {
    return this.older?.since;
  }

  get state(): ArchiveState {
    const { late } = this;
    const trouble = this.trouble ?? (this.older && `${this.older.shopId}: ${OLDER}`);
    const reason = trouble !== undefined && { reason: trouble };
    return { ok: trouble === undefined, ...reason, behindSeconds: late.seconds };
  }

  private async open(): Promise<void> {
    const { log } = this.options;
    const database = await this.connect();
    if (!database) return;
    log.info('the archive is open');
    this.followers.start();
    this.rewriting?.start();
  }

  /** Until there is a database with tables of ours; undefined when the server stops before. */
  private async connect(): Promise<ArchiveDatabase | undefined> {
    const { home, log } = this.options;
    while (!this.stopping.signal.aborted) {
      let database: ArchiveDatabase | undefined;
      try {
        if ('embeddedIn' in home) this.embedded ??= await startEmbeddedPostgres(home.embeddedIn);
        const url = 'shared' in home ? await this.unlessStopped(home.shared) : undefined;
        if ('shared' in home && url === undefined) return undefined;
        const own = 'url' in home ? home.url : this.embedded?.url;
        this.address = url ?? own ?? '';
        const onError = (error: Error) => log.debug({ error: reasonOf(error) }, 'sql');
        database = openDatabase(this.address, onError, ANY_TIME);
        await migrate(database);
        await database.destroy();
        database = openDatabase(this.address, onError);
        this.database = database;
        this.trouble = undefined;
        return database;
      } catch (error) {
        await database?.destroy().catch(() => {});
        this.note(error);
      }
      await this.pause(TRY_AGAIN_MS);
    }
    return undefined;
  }

  private unlessStopped<T>(work: Promise<T>): Promise<T | undefined> {
    const { signal } = this.stopping;
    const stopped = new Promise<undefined>((resolve) => {
      signal.addEventListener('abort', () => resolve(undefined), { once: true });
    });
    return Promise.race([work, stopped]);
  }

  private async end(): Promise<void> {
    await this.opening;
    await Promise.all([this.followers.stop(), this.watching]);
    await this.database?.destroy();
    await this.embedded?.stop();
  }

  /** Shops are followed while the database answers. */
  private async shops(): Promise<string[]> {
    return this.trouble === undefined ? allShops(this.options.store) : [];
  }

  private async watch(): Promise<void> {
    const { observer } = this.options;
    while (!this.stopping.signal.aborted) {
      if (this.database) await this.ping(this.database);
      const late = await this.lateness().catch(() => undefined);
      observer.behind(late?.seconds);
      this.late = late ?? this.late;
      if (this.late.seconds > LATE) this.say({ behindSeconds: this.late.seconds });
      await this.pause(LOOK_EVERY_MS);
    }
  }

  private async ping(database: ArchiveDatabase): Promise<void> {
    try {
      this.older = await firstOlder(database);
      if (this.older) this.say({ shopId: this.older.shopId }, OLDER);
      if (this.trouble !== undefined) this.options.log.info('the archive answers again');
      this.trouble = undefined;
    } catch (error) {
      this.note(error);
    }
  }

  /** How long the oldest event that is not archived has waited, s, and since when, by Redis's clock. */
  private async lateness(): Promise<{ seconds: number; since: number }> {
    const { store } = this.options;
    let most = { seconds: 0, since: 0 };
    for (const shopId of await allShops(store)) {
      await beginMark(store, shopId);
      const { archived, last } = await archiveProgress(store, shopId);
      if (archived === last) continue;
      const [first] = await readEntries(store, shopId, archived, 1);
      if (!first) continue;
      const since = placeOf(first.id).entry_ms;
      const seconds = ((await store.clock(shopId)) - since) / 1_000;
      if (seconds > most.seconds) most = { seconds, since };
    }
    return most;
  }

  private note(error: unknown): void {
    const reason = reasonOf(error);
    if (this.trouble !== reason) this.saidAt = Number.NEGATIVE_INFINITY;
    this.trouble = reason;
    this.say({ reason });
  }

  private say(about: object, what = BEHIND): void {
    const now = performance.now();
    if (now - this.saidAt < SAY_EVERY_MS) return;
    this.saidAt = now;
    this.options.log.warn(about, what);
  }

  private async pause(ms: number): Promise<void> {
    const { signal } = this.stopping;
    await delay(ms, undefined, { signal, ref: false }).catch(() => {});
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return error instanceof Error ? error.message || error.name : String(error);
}
