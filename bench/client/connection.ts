import type { Ack } from '../../src/protocol/commands.js';
import { type TextListener, TextSocket } from './websocket.js';

/** Where a connection goes: `http:` or `https:` address of the server, and the token if there is one. */
export interface Destination {
  url: string;
  token?: string | undefined;
  /** Whether to take compressed messages. */
  inflates?: boolean | undefined;
}

/** What a connection tells besides answers. */
export interface ConnectionListener {
  /** An event of the server; `payload` is its one argument as JSON text, not parsed: many are never looked at. */
  event?(name: string, payload: string): void;
  /** The connection ended though nobody asked it to. */
  lost?(reason: string): void;
}

const NAMESPACE = '/live';
const EVENT = `42${NAMESPACE},["`;
const ANSWER = `43${NAMESPACE},`;
const CONNECTED = `40${NAMESPACE},`;
const REFUSED = `44${NAMESPACE},`;
const PING = '2';
const PONG = '3';

/** The server does not answer, or refuses to talk at all. */
class ConnectionError extends Error {
  override name = 'ConnectionError';
}

/**
 * A Socket.IO client on namespace `/live`, websocket only, as light as the load needs it: it does not reconnect, and
 * it parses nothing that nobody asks for.
 */
export class Connection {
  private readonly socket: TextSocket;
  private readonly listener: ConnectionListener;
  private readonly destination: Destination;
  private readonly waiting = new Map<number, (answer: string) => void>();
  private nextAck = 0;
  private opened: { resolve: () => void; reject: (error: Error) => void } | undefined;

  private constructor(
    destination: Destination,
    listener: ConnectionListener,
    opened: { resolve: () => void; reject: (error: Error) => void },
  ) {
    this.destination = destination;
    this.listener = listener;
    this.opened = opened;
    const url = new URL('/socket.io/?EIO=4&transport=websocket', destination.url);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const taker: TextListener = {
      open: () => {},
      text: (message) => this.text(message),
      close: (reason) => this.ended(reason),
    };
    this.socket = new TextSocket(url, taker, destination.inflates);
  }

  /** Resolves when the namespace has let us in. @throws ConnectionError */
  static open(
    destination: Destination,
    listener: ConnectionListener = {},
    withinMs = 30_000,
  ): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const refuse = (error: Error) => {
        clearTimeout(timer);
        connection.destroy();
        reject(error);
      };
      const timer = setTimeout(() => refuse(new ConnectionError('no answer')), withinMs);
      const connection: Connection = new Connection(destination, listener, {
        resolve: () => {
          clearTimeout(timer);
          resolve(connection);
        },
        reject: refuse,
      });
    });
  }

  /** Sends a command; `onAnswer` gets the acknowledgement as JSON text, a list of one answer. */
  send(event: string, payload: string, onAnswer: (answer: string) => void): void {
    const id = this.nextAck++;
    this.waiting.set(id, onAnswer);
    this.socket.send(`42${NAMESPACE},${id}["${event}",${payload}]`);
  }

  /** The same with everything parsed. @throws ConnectionError when there is no answer in time */
  request<Data>(event: string, payload: unknown, withinMs = 30_000): Promise<Ack<Data>> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new ConnectionError(`no answer to ${event}`)),
        withinMs,
      );
      this.send(event, JSON.stringify(payload), (answer) => {
        clearTimeout(timer);
        resolve(parseAnswer<Data>(answer));
      });
    });
  }

  destroy(): void {
    this.waiting.clear();
    this.socket.destroy();
  }

  private text(message: string): void {
    if (message.startsWith(EVENT)) {
      const end = message.indexOf('"', EVENT.length);
      this.listener.event?.(message.slice(EVENT.length, end), message.slice(end + 2, -1));
    } else if (message.startsWith(ANSWER)) {
      const start = message.indexOf('[', ANSWER.length);
      const id = Number(message.slice(ANSWER.length, start));
      const onAnswer = this.waiting.get(id);
      this.waiting.delete(id);
      onAnswer?.(message.slice(start));
    } else if (message === PING) {
      this.socket.send(PONG);
    } else if (message.startsWith('0')) {
      const { token } = this.destination;
      this.socket.send(`${CONNECTED}${JSON.stringify(token === undefined ? {} : { token })}`);
    } else if (message.startsWith(CONNECTED)) {
      this.opened?.resolve();
      this.opened = undefined;
    } else if (message.startsWith(REFUSED)) {
      this.opened?.reject(new ConnectionError(`refused: ${message.slice(REFUSED.length)}`));
      this.opened = undefined;
    } else {
      this.ended(`the server ended it: ${message}`);
      this.socket.destroy();
    }
  }

  private ended(reason: string): void {
    if (this.opened) this.opened.reject(new ConnectionError(reason));
    else this.listener.lost?.(reason);
    this.opened = undefined;
  }
}

/** The one answer of an acknowledgement. */
export function parseAnswer<Data>(answer: string): Ack<Data> {
  return (JSON.parse(answer) as [Ack<Data>])[0];
}

/** Whether an acknowledgement says yes, without parsing it. */
export function isAccepted(answer: string): boolean {
  return answer.startsWith('[{"ok":true');
}
