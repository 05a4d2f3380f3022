import { io, type Socket } from 'socket.io-client';
import type { Ack, HostCommands, LiveCommands } from '../../src/protocol/commands.js';
import type { HostEvents, LiveEvents } from '../../src/protocol/events.js';
import { atEnd } from './at-end.js';
import type { Reachable } from './server-environment.js';
import { signToken } from './tokens.js';

type PayloadOf<Command> = Command extends (payload: infer Payload, ack: never) => void
  ? Payload
  : never;
type DataOf<Command> = Command extends (
  payload: never,
  ack: (answer: Ack<infer Data>) => void,
) => void
  ? Data
  : never;
type Told<Event> = Event extends (payload: infer Payload) => void ? Payload : never;

const PATIENCE_MS = 20_000;

interface Waiting {
  event: string;
  matches: (payload: never) => boolean;
  resolve: (payload: never) => void;
}

/** A Socket.IO client that remembers what it was told, so that no test depends on who comes first. */
export class Client<Commands, Events> {
  readonly socket: Socket;
  private readonly inbox: { event: string; payload: unknown; taken: boolean }[] = [];
  private readonly waiting = new Set<Waiting>();

  constructor(socket: Socket) {
    this.socket = socket;
    socket.onAny((event: string, payload: unknown) => this.receive(event, payload));
  }

  /** Sends a command and resolves with its acknowledgement. */
  emit<Name extends keyof Commands & string>(
    name: Name,
    payload: PayloadOf<Commands[Name]>,
  ): Promise<Ack<DataOf<Commands[Name]>>> {
    return this.send(name, payload) as Promise<Ack<DataOf<Commands[Name]>>>;
  }

  /** The same for payloads and events that no sound client would send. */
  send(name: string, ...args: unknown[]): Promise<Ack<unknown>> {
    return this.socket.timeout(PATIENCE_MS).emitWithAck(name, ...args);
  }

  /** Sends a command that must be accepted; resolves with its data. */
  async ask<Name extends keyof Commands & string>(
    name: Name,
    payload: PayloadOf<Commands[Name]>,
  ): Promise<DataOf<Commands[Name]>> {
    const ack = await this.emit(name, payload);
    if (ack.ok) return ack.data;
    throw new Error(`${name} was refused: ${JSON.stringify(ack.error)}`);
  }

  /** The first such event that no earlier call has taken, whether it is here already or still to come. */
  next<Name extends keyof Events & string>(
    event: Name,
    matches: (payload: Told<Events[Name]>) => boolean = () => true,
  ): Promise<Told<Events[Name]>> {
    const here = this.inbox.find(
      (entry) =>
        entry.event === event && !entry.taken && matches(entry.payload as Told<Events[Name]>),
    );
    if (here) {
      here.taken = true;
      return Promise.resolve(here.payload as Told<Events[Name]>);
    }
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { event, matches, resolve: settle };
      const timer = setTimeout(() => {
        this.waiting.delete(waiting);
        const heard = this.heard(event);
        reject(new Error(`${event} did not come; last: ${JSON.stringify(heard.at(-1))}`));
      }, PATIENCE_MS);
      function settle(payload: Told<Events[Name]>) {
        clearTimeout(timer);
        resolve(payload);
      }
      this.waiting.add(waiting);
    });
  }

  /** Every such event so far, in order. */
  heard<Name extends keyof Events & string>(event: Name): Told<Events[Name]>[] {
    return this.inbox
      .filter((entry) => entry.event === event)
      .map((entry) => entry.payload as Told<Events[Name]>);
  }

  drop(): void {
    this.socket.disconnect();
  }

  /** Connects, or connects again; throws the refusal of the server. */
  connect(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.socket.once('connect', resolve);
      this.socket.once('connect_error', reject);
      this.socket.connect();
    });
  }

  private receive(event: string, payload: unknown): void {
    const entry = { event, payload, taken: false };
    this.inbox.push(entry);
    for (const waiting of this.waiting) {
      if (waiting.event !== event || !waiting.matches(payload as never)) continue;
      entry.taken = true;
      this.waiting.delete(waiting);
      waiting.resolve(payload as never);
      return;
    }
  }
}

export type ViewerClient = Client<LiveCommands, LiveEvents>;
export type HostClient = Client<HostCommands, HostEvents>;

type Transport = 'websocket' | 'polling';

/** A connected socket with the given token, or without one. Throws the server's refusal. */
async function connected<Commands, Events>(
  { url }: Reachable,
  namespace: '/live' | '/host',
  token?: string,
  transport: Transport = 'websocket',
): Promise<Client<Commands, Events>> {
  const socket = io(`${url}${namespace}`, {
    transports: [transport],
    forceNew: true,
    reconnection: false,
    autoConnect: false,
    auth: token === undefined ? {} : { token },
  });
  atEnd(() => socket.disconnect());
  const client = new Client<Commands, Events>(socket);
  await client.connect();
  return client;
}

/** A viewer of the shop; with another server, or called again, another device of the same viewer. */
export function viewer(
  server: Reachable,
  shop: string,
  id: string,
  transport?: Transport,
): Promise<ViewerClient> {
  const token = signToken({ sub: id, shop, role: 'viewer', name: `Viewer ${id}` });
  return connected(server, '/live', token, transport);
}

/** A viewer's socket with a token of the test's own making; without one it may watch only. */
export function viewerWith(server: Reachable, token?: string): Promise<ViewerClient> {
  return connected(server, '/live', token);
}

export function hostSocket(
  server: Reachable,
  shop: string,
  token = signToken({ sub: 'host', shop, role: 'host' }),
): Promise<HostClient> {
  return connected(server, '/host', token);
}
