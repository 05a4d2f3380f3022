import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { constants, inflateRawSync } from 'node:zlib';
import { atEnd } from './at-end.js';
import type { Reachable } from './server-environment.js';

/** A WebSocket by hand, for what no client would send: many frames in one TCP write. */
export class RawWebSocket {
  /** Texts that came, in order: Engine.IO packets. */
  readonly texts: string[] = [];
  /** Those of them that came compressed. */
  readonly compressed = new Set<string>();
  /** What the server agreed to of the extensions offered. */
  extensions = '';
  bytesRead = 0;
  /** Resolves when the connection has ended. */
  readonly closed: Promise<void>;
  private readonly socket: Socket;
  private rest: Buffer = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('error', () => {});
  }

  /**
   * Resolves when Engine.IO has opened the connection. `query` is put behind its own; `from` is what a proxy would say;
   * `extensions` are offered as they stand; `agent` is the browser that it says to be.
   */
  static async open(
    { url }: Reachable,
    query = '',
    from = '',
    extensions = '',
    agent = '',
  ): Promise<RawWebSocket> {
    const { hostname, port, host } = new URL(url);
    const socket = connect(Number(port), hostname);
    atEnd(() => socket.destroy());
    socket.write(
      `GET /socket.io/?EIO=4&transport=websocket${query} HTTP/1.1\r\nHost: ${host}\r\n` +
        `X-Forwarded-For: ${from}\r\n` +
        (agent ? `User-Agent: ${agent}\r\n` : '') +
        (extensions ? `Sec-WebSocket-Extensions: ${extensions}\r\n` : '') +
        'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n' +
        `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
    );
    const raw = new RawWebSocket(socket);
    await new Promise<void>((resolve, reject) => {
      let head = '';
      const onHead = (chunk: Buffer) => {
        head += chunk.toString('latin1');
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return;
        socket.off('data', onHead);
        const status = head.slice(9, 12);
        if (status !== '101') return reject(new Error(`${status} ${head.slice(end + 4)}`));
        raw.extensions = /^sec-websocket-extensions: (.*)$/im.exec(head)?.[1] ?? '';
        socket.on('data', (more: Buffer) => raw.read(more));
        raw.read(Buffer.from(head.slice(end + 4), 'latin1'));
        resolve();
      };
      socket.on('data', onHead);
      socket.once('close', () => reject(new Error('closed before it was open')));
    });
    return raw;
  }

  /** All texts as frames of their own, in one write. */
  write(texts: string[]): void {
    this.socket.write(Buffer.concat(texts.map(frame)));
  }

  /** Bytes of frames, as they stand. */
  writeBytes(bytes: Buffer): void {
    this.socket.write(bytes);
  }

  get isOpen(): boolean {
    return !this.socket.destroyed;
  }

  end(): void {
    this.socket.destroy();
  }

  private read(chunk: Buffer): void {
    this.bytesRead += chunk.length;
    let data = Buffer.concat([this.rest, chunk]);
    for (;;) {
      const short = (data[1] ?? 0) & 0x7f;
      const start = short === 126 ? 4 : 2;
      if (data.length < start) break;
      const end = start + (short === 126 ? data.readUInt16BE(2) : short);
      if (data.length < end) break;
      const head = data[0] ?? 0;
      if ((head & 0x0f) === 1) this.take(data.subarray(start, end), (head & 0x40) !== 0);
      data = data.subarray(end);
    }
    this.rest = data;
  }

  private take(payload: Buffer, compressed: boolean): void {
    const text = (compressed ? inflated(payload) : payload).toString();
    this.texts.push(text);
    if (compressed) this.compressed.add(text);
  }
}

/** With no window from before, and none larger than 2^12 bytes. */
function inflated(payload: Buffer): Buffer {
  const whole = Buffer.concat([payload, Buffer.from([0, 0, 0xff, 0xff])]);
  return inflateRawSync(whole, { windowBits: 12, finishFlush: constants.Z_SYNC_FLUSH });
}

/** A masked text frame of less than 64 KB; the mask is zero, so the text stands in it as it is. */
function frame(text: string): Buffer {
  return rawFrame(0x81, Buffer.from(text));
}

/** @param first byte of the frame: what it is, and whether compressed or the last */
export function rawFrame(first: number, payload: Buffer): Buffer {
  const length =
    payload.length < 126
      ? [0x80 | payload.length]
      : [0x80 | 126, payload.length >> 8, payload.length & 0xff];
  return Buffer.concat([Buffer.from([first, ...length, 0, 0, 0, 0]), payload]);
}
