import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import type { Ack } from '../protocol/commands.js';
import type { ErrorBody } from '../protocol/errors.js';
import { ServerClock } from './clock.js';
import {
  type CommandOptions,
  type Commands,
  type DataOf,
  type Given,
  type Line,
  type Namespace,
  type Namespaces,
  runCommand,
} from './command.js';
import { Emitter } from './emitter.js';
import { LiveholdError } from './errors.js';
import { Heartbeat } from './heartbeat.js';
import { Reconnection } from './reconnection.js';
import type { Token } from './token.js';

export interface ConnectionOptions {
  /** Address of the server. In a page it may be left out: the server that served the page. */
  url?: string | undefined;
  /** Without one a viewer may watch and nothing else. */
  token?: Token | undefined;
  /** Further options of Socket.IO, such as `transports` or a `parser` of one's own. */
  socket?: Partial<ManagerOptions & SocketOptions> | undefined;
}

export type ConnectionStatus = 'connecting' | 'online' | 'offline';

export interface ConnectionEvents {
  /** There is a connection, for the first time or again. What happened meanwhile is not known: join again. */
  online: () => void;
  /** There is none, or it is silent; noticed within 5 s. */
  offline: () => void;
  /** The device slept or its clock was set, and the connection may still be there: what is known may be old. */
  wake: () => void;
  /** The server will not have this token, or it has ended. The connection stays closed. */
  refused: (error: LiveholdError) => void;
}

/** Answers later than this are not listened to any more, ms. */
const LATE_ANSWER_MS = 30_000;

/**
 * One connection to a namespace, kept open until `close()`: commands with their answers, the server's events, and the truth
 * about whether it is there. It keeps no state of the live; `ViewerClient` and `HostClient` do.
 */
export class Connection<N extends Namespace = Namespace> implements Line {
  readonly clock = new ServerClock();
  /** Called with every answer, also with one that came too late for its caller. */
  onAnswer: ((event: string, data: unknown) => void) | undefined;
  private readonly raw: Socket;
  private readonly events = new Emitter();
  private readonly heartbeat: Heartbeat;
  private readonly reconnection: Reconnection;
  private readonly stopNetwork: () => void;
  private currentStatus: ConnectionStatus = 'connecting';
  private closed = false;

  constructor(namespace: N, { url = '', token, socket }: ConnectionOptions = {}) {
    const server = url.replace(/\/$/, '');
    this.raw = io(`${server}${namespace}`, {
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      reconnectionDelay: 400,
      reconnectionDelayMax: 4_000,
      timeout: 8_000,
      ...socket,
      forceNew: true,
      autoConnect: false,
      auth: (show) => void this.reconnection.showToken(show),
    });
    this.reconnection = new Reconnection(this.raw, server, token, (error) => this.refuse(error));
    this.heartbeat = new Heartbeat({
      ask: () => void this.send('ping', {}, LATE_ANSWER_MS).catch(() => {}),
      silent: () => {
        this.reconnection.silent();
        this.setStatus('offline');
      },
      doubtful: () => this.reconnection.doubtful(),
      alive: () => this.setStatus('online'),
      dead: () => this.reconnection.now(),
      woke: () => this.wake(),
    });
    this.listen();
    this.stopNetwork = onNetwork({
      online: () => {
        this.reconnection.networkChanged();
        this.heartbeat.doubt();
        this.reconnectNow();
      },
      offline: () => {
        this.reconnection.networkChanged();
        this.heartbeat.doubt();
      },
    });
    this.raw.connect();
  }

  get status(): ConnectionStatus {
    return this.currentStatus;
  }

  get isOnline(): boolean {
    return this.currentStatus === 'online';
  }

  /** Listens to an event of the server, or of the connection itself. Call the answer to stop. */
  on<E extends (keyof Namespaces[N]['events'] | keyof ConnectionEvents) & string>(
    event: E,
    listener: (Namespaces[N]['events'] & ConnectionEvents)[E],
  ): () => void {
    return this.events.on(event, listener as () => void);
  }

  /** Listens to all events of the server, also to those that this version has no name for, before all other listeners. */
  onAny(listener: (event: string, payload: unknown) => void): void {
    this.raw.prependAny(listener);
  }

  /** Gives a command; what becomes of it on a bad connection is described at `runCommand`. @throws LiveholdError */
  async command<E extends keyof Commands<N> & string>(
    event: E,
    payload: Given<Commands<N>[E]>,
    options?: CommandOptions,
  ): Promise<DataOf<Commands<N>[E]>> {
    const work = () => runCommand(this, event, payload as object, options);
    return (await this.reconnection.afterwards(work)) as DataOf<Commands<N>[E]>;
  }

  /** One attempt at a command, with no repeats. @throws LiveholdError */
  send(event: string, payload: object, limitMs: number): Promise<unknown> {
    const sentAt = Date.now();
    return new Promise((resolve, reject) => {
      if (!this.raw.connected) return reject(new LiveholdError('OFFLINE'));
      const timer = setTimeout(() => reject(new LiveholdError('TIMEOUT')), limitMs);
      const settle = (lost: Error | null, answer: Ack<unknown>) => {
        clearTimeout(timer);
        if (lost !== null) return reject(new LiveholdError('TIMEOUT'));
        if (!answer.ok) return reject(this.refusalOf(answer.error));
        this.answered(event, answer.data, sentAt);
        resolve(answer.data);
      };
      this.raw.timeout(LATE_ANSWER_MS).emit(event, payload, settle);
      if (this.raw.sendBuffer.length === 0) return;
      // Socket.IO has just found the connection dead, and would send this over the next one.
      this.raw.sendBuffer.length = 0;
      clearTimeout(timer);
      reject(new LiveholdError('OFFLINE'));
    });
  }

  /** Resolves when there is a connection, or with false when that took too long. */
  whenOnline(withinMs: number): Promise<boolean> {
    if (this.isOnline) return Promise.resolve(true);
    return new Promise((resolve) => {
      const finish = (online: boolean) => {
        clearTimeout(timer);
        stop();
        resolve(online);
      };
      const timer = setTimeout(finish, withinMs, false);
      const stop = this.events.on('online', () => finish(true));
    });
  }

  /** Tries at once instead of after the usual wait. Does nothing while connected. */
  reconnectNow(): void {
    if (!this.closed) this.reconnection.ifLost();
  }

  close(): void {
    this.closed = true;
    this.reconnection.stop();
    this.stopNetwork();
    this.heartbeat.stop();
    this.raw.disconnect();
    this.setStatus('offline');
  }

  private listen(): void {
    const { raw, heartbeat, reconnection } = this;
    raw.io.on('reconnect_attempt', () => reconnection.attempt());
    raw.io.on('open', () => {
      reconnection.heard();
      raw.io.engine.on('packet', () => {
        heartbeat.heard();
        reconnection.heard();
      });
    });
    raw.on('connect', () => {
      heartbeat.connected();
      reconnection.connected();
      if (this.clock.isKnown) reconnection.timeIsKnown(this.clock.now());
      this.setStatus('online');
    });
    raw.on('disconnect', (reason) => {
      heartbeat.disconnected();
      reconnection.lost();
      this.setStatus('offline');
      if (reason === 'io server disconnect') reconnection.soon();
    });
    raw.on('connect_error', (error: Error & { data?: ErrorBody }) => {
      this.setStatus('offline');
      reconnection.lost();
      // An inactive socket was turned away by the server itself; anything else is the network, and is tried again.
      if (!raw.active) reconnection.turnedAway(error.data);
    });
    raw.onAny((event: string, payload: unknown) => this.events.emit(event, payload));
  }

  private refuse(error: LiveholdError): void {
    if (this.closed) return;
    this.close();
    this.events.emit('refused', error);
  }

  private refusalOf(body: ErrorBody): LiveholdError {
    const error = new LiveholdError(body);
    if (error.code === 'UNAUTHENTICATED') void this.reconnection.tokenFailed(error);
    return error;
  }

  private answered(event: string, data: unknown, sentAt: number): void {
    const { serverTime } = data as { serverTime?: number };
    if (serverTime !== undefined) {
      this.clock.sample(serverTime, sentAt, Date.now());
      this.reconnection.timeIsKnown(this.clock.now());
    }
    this.onAnswer?.(event, data);
  }

  private wake(): void {
    if (this.raw.connected) this.events.emit('wake');
    else this.reconnectNow();
  }

  private setStatus(status: 'online' | 'offline'): void {
    if (this.currentStatus === status) return;
    this.currentStatus = status;
    this.events.emit(status);
  }
}

/** What a browser says of the network; Node says nothing. */
function onNetwork(listeners: { online: () => void; offline: () => void }): () => void {
  const page = globalThis as Partial<Pick<EventTarget, 'addEventListener' | 'removeEventListener'>>;
  page.addEventListener?.('online', listeners.online);
  page.addEventListener?.('offline', listeners.offline);
  return () => {
    page.removeEventListener?.('online', listeners.online);
    page.removeEventListener?.('offline', listeners.offline);
  };
}
