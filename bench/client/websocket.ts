import { randomBytes } from 'node:crypto';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { constants, inflateRawSync } from 'node:zlib';

/** What a `TextSocket` tells: `open` once, then texts, `close` once at the end, with the reason. */
export interface TextListener {
  open(): void;
  text(message: string): void;
  /** Of a server that sends any; the bytes are gone when it returns. */
  binary?(payload: Buffer): void;
  close(reason: string): void;
}

const OPCODE_TEXT = 1;
const OPCODE_BINARY = 2;
const COMPRESSED = 0x40; // RSV1
const OPCODE_CLOSE = 8;
const OPCODE_PING = 9;
const PONG = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);
/** Reads of all plain sockets go through one buffer: a callback takes all of it before the next read. */
const READ_BUFFER = Buffer.allocUnsafe(256 * 1024);
/** The mask protects proxies from pages; this is no page, so one mask does, and the server unmasks as always. */
const MASK = randomBytes(4);

/**
 * A WebSocket client for text frames that costs a fraction of a general one: thousands of them must fit beside the
 * server that they load. No fragments; compression where it is asked for, and of what comes alone.
 */
export class TextSocket {
  /** Of all of them. */
  static bytesRead = 0;
  private readonly socket: Socket;
  private readonly listener: TextListener;
  /** What is left of a frame that came in part. */
  private rest: Buffer | undefined;
  private upgraded = false;
  private closed = false;

  /** @param url `ws:` or `wss:` with path and query @param inflates whether to offer compression */
  constructor(url: URL, listener: TextListener, inflates = false) {
    this.listener = listener;
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const port = Number(url.port || (url.protocol === 'wss:' ? 443 : 80));
    this.socket =
      url.protocol === 'wss:'
        ? connectTls({ host, port, servername: host }).on('data', (chunk) => this.read(chunk))
        : connectTcp({ host, port, onread: { buffer: READ_BUFFER, callback: this.onRead } });
    this.socket.setNoDelay(true);
    this.socket.on('error', (error) => this.end(error.message));
    this.socket.on('close', () => this.end('connection closed'));
    this.socket.write(
      `GET ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\nUpgrade: websocket\r\n` +
        (inflates ? 'Sec-WebSocket-Extensions: permessage-deflate\r\n' : '') +
        `Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n` +
        `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
    );
  }

  send(message: string): void {
    if (!this.closed) this.socket.write(frame(message, OPCODE_TEXT));
  }

  sendBinary(payload: Buffer): void {
    if (!this.closed) this.socket.write(frame(payload, OPCODE_BINARY));
  }

  /** At once, without a closing handshake: as a phone that loses its network. */
  destroy(): void {
    this.closed = true;
    this.socket.destroy();
  }

  private readonly onRead = (bytes: number): boolean => {
    this.read(READ_BUFFER.subarray(0, bytes));
    return true;
  };

  private end(reason: string): void {
    if (this.closed) return;
    this.closed = true;
    this.socket.destroy();
    this.listener.close(reason);
  }

  private read(chunk: Buffer): void {
    TextSocket.bytesRead += chunk.length;
    let data = this.rest ? Buffer.concat([this.rest, chunk]) : chunk;
    this.rest = undefined;
    if (!this.upgraded) {
      const end = data.indexOf('\r\n\r\n');
      if (end >= 0) data = this.upgrade(data, end);
      if (!this.upgraded) {
        if (!this.closed) this.rest = Buffer.from(data);
        return;
      }
    }
    const left = this.readFrames(data);
    if (left < data.length && !this.closed) this.rest = Buffer.from(data.subarray(left));
  }

  /** Answers what follows the head of the HTTP answer. */
  private upgrade(data: Buffer, end: number): Buffer {
    const status = data.toString('latin1', 9, 12);
    if (status === '101') {
      this.upgraded = true;
      this.listener.open();
    } else {
      this.end(`HTTP ${status}`);
    }
    return data.subarray(end + 4);
  }

  /** Tells every whole frame; answers where the first that is not whole begins. */
  private readFrames(data: Buffer): number {
    let at = 0;
    while (at + 2 <= data.length && !this.closed) {
      const first = data[at] ?? 0;
      const opcode = first & 0x0f;
      let length = (data[at + 1] ?? 0) & 0x7f;
      let start = at + 2;
      if (length === 126) {
        if (start + 2 > data.length) break;
        length = data.readUInt16BE(start);
        start += 2;
      } else if (length === 127) {
        if (start + 8 > data.length) break;
        length = Number(data.readBigUInt64BE(start));
        start += 8;
      }
      if (start + length > data.length) break;
      if (opcode === OPCODE_TEXT) {
        const payload = data.subarray(start, start + length);
        this.listener.text(first & COMPRESSED ? inflated(payload) : payload.toString());
      } else if (opcode === OPCODE_BINARY && this.listener.binary)
        this.listener.binary(data.subarray(start, start + length));
      else if (opcode === OPCODE_CLOSE) this.end('closed by the server');
      else if (opcode === OPCODE_PING) this.socket.write(PONG);
      else this.end(`unexpected frame ${opcode}`);
      at = start + length;
    }
    return at;
  }
}

let lastPayload = Buffer.alloc(0);
let lastText = '';

/** A message without a window from before. Thousands get the same bytes one after the other: inflated once. */
function inflated(payload: Buffer): string {
  if (!payload.equals(lastPayload)) {
    lastPayload = Buffer.from(payload);
    const whole = Buffer.concat([payload, Buffer.from([0, 0, 0xff, 0xff])]);
    lastText = inflateRawSync(whole, { finishFlush: constants.Z_SYNC_FLUSH }).toString();
  }
  return lastText;
}

/** One masked frame. */
function frame(message: string | Buffer, opcode: number): Buffer {
  const length = Buffer.byteLength(message);
  const head = length < 126 ? 6 : length < 65_536 ? 8 : 14;
  const bytes = Buffer.allocUnsafe(head + length);
  bytes[0] = 0x80 | opcode;
  if (head === 6) bytes[1] = 0x80 | length;
  else if (head === 8) {
    bytes[1] = 0x80 | 126;
    bytes.writeUInt16BE(length, 2);
  } else {
    bytes[1] = 0x80 | 127;
    bytes.writeBigUInt64BE(BigInt(length), 2);
  }
  MASK.copy(bytes, head - 4);
  if (typeof message === 'string') bytes.write(message, head);
  else message.copy(bytes, head);
  for (let i = 0; i < length; i++) bytes[head + i] = (bytes[head + i] ?? 0) ^ (MASK[i & 3] ?? 0);
  return bytes;
}
