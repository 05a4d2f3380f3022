import { type ReadonlySignal, signal } from '@preact/signals';
import { io, type Socket } from 'socket.io-client';
import type {
  HostCommands,
  HostEvents,
  LiveCommands,
  LiveEvents,
} from '../../../src/protocol/events.js';
import type { CommandError } from './errorText.js';

export interface Namespaces {
  '/live': { commands: LiveCommands; events: LiveEvents };
  '/host': { commands: HostCommands; events: HostEvents };
}
export type Namespace = keyof Namespaces;

export type ConnectionStatus = 'connecting' | 'online' | 'offline';

export interface LiveholdSocket<N extends Namespace> {
  readonly status: ReadonlySignal<ConnectionStatus>;
  /** Why the server will not have this token; null while there is nothing to say. Ends reconnecting. */
  readonly refusal: ReadonlySignal<CommandError | null>;
  on<E extends keyof Namespaces[N]['events']>(event: E, listener: Namespaces[N]['events'][E]): void;
  /** Runs at every connect, the first and each return; at once when already connected. */
  onConnect(listener: () => void): () => void;
  /** Skips the wait before the next attempt. Does nothing while connected. */
  reconnectNow(): void;
  close(): void;
  /** For `command()` alone. */
  readonly raw: Socket;
}

/** A server that closes a connection on purpose is asked again after this; a lost one after 0.4 to 4 s. */
const RETURN_AFTER_KICK_MS = 1_500;

/** Refusals that the same token will meet again. */
const FOR_GOOD: ReadonlySet<CommandError['code']> = new Set(['UNAUTHENTICATED', 'FORBIDDEN']);

/** Opens a namespace and keeps it open. A namespace is on the server that served the page. */
export function connectSocket<N extends Namespace>(
  namespace: N,
  options: { token?: string | undefined } = {},
): LiveholdSocket<N> {
  const raw: Socket = io(namespace, {
    auth: options.token === undefined ? {} : { token: options.token },
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    reconnectionDelay: 400,
    reconnectionDelayMax: 4_000,
    forceNew: true,
  });
  const { status, refusal, reconnectNow, stop } = keepConnected(raw);
  return {
    status,
    refusal,
    raw,
    on: (event, listener) => {
      raw.on(event as string, listener as (...args: unknown[]) => void);
    },
    onConnect(listener) {
      raw.on('connect', listener);
      if (raw.connected) listener();
      return () => raw.off('connect', listener);
    },
    reconnectNow,
    close() {
      stop();
      raw.disconnect();
    },
  };
}

/** Follows how the connection fares, and brings it back where Socket.IO by itself would give up or wait. */
function keepConnected(raw: Socket) {
  const status = signal<ConnectionStatus>('connecting');
  const refusal = signal<CommandError | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;

  const reconnectNow = () => {
    if (raw.connected || refusal.value !== null) return;
    clearTimeout(timer);
    raw.disconnect().connect();
  };
  const reconnectSoon = () => {
    timer = setTimeout(reconnectNow, RETURN_AFTER_KICK_MS);
  };
  raw.on('connect', () => {
    status.value = 'online';
  });
  raw.on('disconnect', (reason) => {
    if (reason === 'io client disconnect') return;
    status.value = 'offline';
    if (reason === 'io server disconnect') reconnectSoon();
  });
  raw.on('connect_error', (error) => {
    status.value = 'offline';
    // An inactive socket was turned away by the server itself; anything else is the network, and is retried.
    if (raw.active) return;
    const turnedAway = refusalOf(error);
    if (FOR_GOOD.has(turnedAway.code)) refusal.value = turnedAway;
    else reconnectSoon();
  });
  const stopReturning = onReturn(reconnectNow);
  const stop = () => {
    clearTimeout(timer);
    stopReturning();
  };
  return { status, refusal, reconnectNow, stop };
}

/** Calls back when the network is back or the page is looked at again: no reason to wait any longer. */
function onReturn(listener: () => void): () => void {
  const onVisible = () => {
    if (document.visibilityState === 'visible') listener();
  };
  window.addEventListener('online', listener);
  document.addEventListener('visibilitychange', onVisible);
  return () => {
    window.removeEventListener('online', listener);
    document.removeEventListener('visibilitychange', onVisible);
  };
}

function refusalOf(error: Error & { data?: unknown }): CommandError {
  const data = error.data;
  return typeof data === 'object' && data !== null && 'code' in data
    ? (data as CommandError)
    : { code: 'UNAUTHENTICATED', message: error.message };
}
