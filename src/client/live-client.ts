import type { ItemView, Release, StockView } from '../protocol/item.js';
import type { Live } from '../protocol/live.js';
import type { ServerClock } from './clock.js';
import type { Namespace } from './command.js';
import type { Connection, ConnectionEvents, ConnectionStatus } from './connection.js';
import { Emitter } from './emitter.js';
import { LiveholdError } from './errors.js';
import { LiveState } from './live-state.js';

/**
 * `joining`: what is known is of another connection, or nothing yet. `joined`: it is up to date while the connection is online.
 * `missing`: there is no such live. `idle`: no live is wanted.
 */
export type Phase = 'idle' | 'joining' | 'joined' | 'missing';

/** What happens to the state that a client keeps, beside the server's events, which come after it has been brought up to date. */
export interface StateEvents extends ConnectionEvents {
  phase: (phase: Phase) => void;
  /** A snapshot has replaced the whole state. */
  joined: () => void;
  live: (live: Live) => void;
  /** The items that changed, as they are now. */
  items: (changed: readonly ItemView[]) => void;
}

/** What every snapshot has. */
interface BaseSnapshot {
  live: Live;
  items: ItemView[];
}

/** A failed join is tried again after this, ms, with some spread. */
const JOIN_AGAIN_MS = 1_500;
/** News of unknown items asks for a snapshot at most so often, ms. */
const RESYNC_EVERY_MS = 1_000;

/**
 * The state of a live, kept up to date over one connection: joins again after every reconnect, when the device has slept, and
 * when an event names items that are not known. Subclasses add the events of their namespace.
 */
export abstract class LiveClient<N extends Namespace, Snapshot extends BaseSnapshot, Events> {
  readonly connection: Connection<N>;
  protected readonly state = new LiveState();
  private readonly events = new Emitter();
  private currentPhase: Phase = 'idle';
  private lastError: LiveholdError | undefined;
  private turn = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(connection: Connection<N>) {
    this.connection = connection;
    connection.onAny((event, payload) => this.receive(event, payload));
    connection.onAnswer = (event, data) => this.takeAnswer(event, data);
    const status = connection as unknown as Connection;
    for (const event of ['online', 'wake'] as const) {
      status.on(event, () => {
        void this.resync();
        this.emit(event);
      });
    }
    status.on('offline', () => this.emit('offline'));
    status.on('refused', (error) => {
      this.lastError = error;
      this.emit('refused', error);
    });
  }

  get clock(): ServerClock {
    return this.connection.clock;
  }

  get status(): ConnectionStatus {
    return this.connection.status;
  }

  get phase(): Phase {
    return this.currentPhase;
  }

  /** What is shown can be acted on: the connection is up and the state is of this connection. */
  get isCurrent(): boolean {
    return this.connection.isOnline && this.currentPhase === 'joined';
  }

  get live(): Live | null {
    return this.state.live;
  }

  /** In the order of first sight; `live.itemIds` has the order to show. */
  get items(): ItemView[] {
    return this.state.items;
  }

  item(itemId: string): ItemView | undefined {
    return this.state.item(itemId);
  }

  /** Call the answer to stop listening. */
  on<E extends keyof Events & string>(event: E, listener: Events[E]): () => void {
    return this.events.on(event, listener as () => void);
  }

  /** Resolves when the state is there. @throws LiveholdError when the token is refused or there is no such live */
  async ready(): Promise<void> {
    while (this.currentPhase !== 'joined') {
      if (this.lastError !== undefined) throw this.lastError;
      await new Promise<void>((resolve) => {
        const stops = ['phase', 'refused'].map((event) =>
          this.events.on(event, () => {
            for (const stop of stops) stop();
            resolve();
          }),
        );
      });
    }
  }

  /** Asks for a fresh snapshot, which replaces all that is known. */
  async resync(): Promise<void> {
    if (this.currentPhase === 'idle' || !this.connection.isOnline) return;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.turn += 1;
    const { turn } = this;
    this.setPhase('joining');
    this.state.expectSnapshot();
    try {
      const snapshot = await this.join();
      if (turn !== this.turn) return;
      this.applySnapshot(snapshot);
      this.setPhase('joined');
      this.emit('joined');
    } catch (error) {
      if (turn === this.turn) this.joinFailed(error);
    }
  }

  close(): void {
    this.turn += 1;
    clearTimeout(this.timer);
    this.connection.close();
  }

  protected abstract join(): Promise<Snapshot>;

  protected applySnapshot(snapshot: Snapshot): void {
    const items = this.state.applySnapshot(snapshot.live, snapshot.items);
    this.emit('live', this.state.live);
    this.emit('items', items);
  }

  /** Takes in one event of the server and emits it. Subclasses take their own and leave the rest to this. */
  protected receive(event: string, payload: unknown): void {
    const news = payload as { liveId: string; items: StockView[]; releases: Release[] };
    const isHere = news.liveId === this.state.live?.liveId;
    if (event === 'stock:changed' && isHere) this.itemsChanged(this.state.applyStock(news.items));
    else if (event === 'stock:released' && isHere)
      this.itemsChanged(this.state.applyReleases(news.releases));
    else if (event === 'item:updated')
      this.itemsChanged(this.state.applyItem((payload as { item: ItemView }).item));
    else if (event === 'live:updated') this.takeLive((payload as { live: Live }).live);
    this.emit(event, payload);
  }

  /** Takes in what another call answered, over HTTP for example. */
  learn({ item, live }: { item?: ItemView; live?: Live }): void {
    if (item !== undefined && this.item(item.itemId) !== undefined)
      this.itemsChanged(this.state.applyItem(item));
    if (live !== undefined) this.takeLive(live);
  }

  /** Takes in the answer to a command, whoever gave it. */
  protected takeAnswer(_event: string, data: unknown): void {
    const { item } = data as { item?: ItemView };
    if (item !== undefined) this.learn({ item });
  }

  protected emit(event: string, ...args: unknown[]): void {
    this.events.emit(event, ...args);
  }

  protected setPhase(phase: Phase): void {
    if (phase === 'joining') this.lastError = undefined;
    if (this.currentPhase === phase) return;
    this.currentPhase = phase;
    this.emit('phase', phase);
  }

  private itemsChanged(changed: readonly ItemView[]): void {
    if (changed.length > 0) this.emit('items', changed);
  }

  private takeLive(live: Live): void {
    if (live.liveId !== this.state.live?.liveId) return;
    this.state.applyLive(live);
    this.emit('live', live);
    if (this.state.lacksItems) this.resyncIn(RESYNC_EVERY_MS * Math.random());
  }

  private joinFailed(error: unknown): void {
    const failure = error instanceof LiveholdError ? error : new LiveholdError('TIMEOUT');
    if (failure.code === 'NOT_FOUND' || failure.code === 'VALIDATION') {
      this.lastError = failure;
      this.setPhase('missing');
    } else if (failure.code === 'FORBIDDEN') {
      // The token is of another shop.
      this.lastError = failure;
      this.emit('refused', failure);
    } else {
      const { retryAfterMs } = (failure.details ?? {}) as { retryAfterMs?: number };
      this.resyncIn((retryAfterMs ?? JOIN_AGAIN_MS) * (1 + Math.random() / 2));
    }
  }

  private resyncIn(ms: number): void {
    this.timer ??= setTimeout(() => void this.resync(), ms);
  }
}
