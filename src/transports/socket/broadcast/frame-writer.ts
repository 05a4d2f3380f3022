import { Socket as TcpSocket } from 'node:net';
import { ClientSocket } from '../compression.js';
import type { AnySocket } from '../server.js';
import { type Frames, textFrame } from './frames.js';

/**
 * Writes ready frames to sockets. Socket.IO would make a packet of each event for each socket and let Engine.IO queue it;
 * here one buffer is written to every open WebSocket directly, which costs a half to three quarters of that, and what one
 * socket gets in one turn of the event loop leaves in one system call. Whatever is not a plain open WebSocket with
 * nothing queued takes Engine.IO's own way: polling, a client that does not keep up.
 */
export class FrameWriter {
  /** Until the end of this turn. */
  private readonly corked = new Set<TcpSocket>();

  /** At once, for events with thousands of subscribers, who all get the same: compressed, if the client takes that. */
  send(socket: AnySocket, frames: Frames): void {
    const client = openClientOf(socket);
    const wire = wireOf(client);
    // What a slow client has not taken yet is left to Engine.IO's queue, which is counted and bounded.
    if (wire && (wire.writableLength === 0 || this.corked.has(wire)))
      wire.write(client?.takesCompressed ? frames.compressed : frames.bytes);
    else for (const packet of frames.packets) socket.conn.write(packet);
  }

  /** The answer to a command. @param json of the acknowledgement @param id the packet's own */
  acknowledge(socket: AnySocket, id: number, json: string): void {
    const packet = `${ACK}${socket.nsp.name},${id}[${json}]`;
    const wire = this.cork(socket);
    if (wire) wire.write(textFrame(packet));
    else socket.conn.write(packet);
  }

  /** At the end of this turn, in one write with whatever else the turn has for the socket. */
  sendBatched(socket: AnySocket, { packets, bytes }: Frames): void {
    const wire = this.cork(socket);
    if (wire) wire.write(bytes);
    else for (const packet of packets) socket.conn.write(packet);
  }

  /**
   * Whatever is written to the socket until the end of this turn leaves together. Answers its connection, or undefined when
   * it must take Engine.IO's way.
   */
  cork(socket: AnySocket): TcpSocket | undefined {
    const wire = wireOf(openClientOf(socket));
    if (!wire || this.corked.has(wire)) return wire;
    if (wire.writableLength > 0) return undefined;
    if (this.corked.size === 0) setImmediate(() => this.uncorkAll());
    this.corked.add(wire);
    wire.cork();
    return wire;
  }

  private uncorkAll(): void {
    for (const wire of this.corked) wire.uncork();
    this.corked.clear();
  }
}

/** Socket.IO's packet type. */
const ACK = '3';

/** The parts of Engine.IO that are looked at. */
interface Engine {
  readyState: string;
  writeBuffer: unknown[];
  transport: { name: string; socket?: unknown };
}

/** The WebSocket, or undefined when a frame must not simply be written to it. */
function openClientOf(socket: AnySocket): ClientSocket | undefined {
  const { readyState, writeBuffer, transport } = socket.conn as unknown as Engine;
  if (readyState !== 'open' || writeBuffer.length > 0 || transport.name !== 'websocket')
    return undefined;
  const client = transport.socket;
  return client instanceof ClientSocket && client.readyState === client.OPEN ? client : undefined;
}

/** The connection under a WebSocket, which ws does not show. */
function wireOf(client: ClientSocket | undefined): TcpSocket | undefined {
  const wire = (client as unknown as { _socket?: unknown } | undefined)?._socket;
  return wire instanceof TcpSocket && wire.writable ? wire : undefined;
}
