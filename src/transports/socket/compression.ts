import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import { type Server, type ServerOptions, WebSocket, WebSocketServer } from 'ws';

/**
 * permessage-deflate (RFC 7692) without context takeover in either direction: a message is compressed by itself, so one that
 * goes to thousands is compressed once and the same bytes are written to all, and no connection keeps a window.
 */
export const COMPRESSION = {
  serverNoContextTakeover: true,
  clientNoContextTakeover: true,
  // ws itself compresses nothing: it would do so again for each socket, and what is one person's alone stays plain.
  threshold: Number.POSITIVE_INFINITY,
};

/** Some clients, Python's among them, keep no larger window (2^12 bytes), and most messages are smaller. */
const WINDOW_BITS = 12;
/** Shorter than this, bytes: a client's price of inflating it would buy some tens of bytes. */
const WORTH_IT = 256;
const EXTENSION = 'permessage-deflate';
const EXTENSION_HEADER = 'sec-websocket-extensions';
/** The end of what a flush writes, which is left out on the wire. */
const TRAILER = Buffer.from([0x00, 0x00, 0xff, 0xff]);

/** Text as it goes into a compressed frame; undefined when that would gain nothing. */
export function compress(text: Buffer): Buffer | undefined {
  if (text.length < WORTH_IT) return undefined;
  const all = deflateRawSync(text, {
    windowBits: WINDOW_BITS,
    finishFlush: constants.Z_SYNC_FLUSH,
  });
  const bytes = all.subarray(0, -TRAILER.length);
  return bytes.length < text.length ? bytes : undefined;
}

/**
 * Safari, and every browser on iOS, offer the extension and break off connections that use it without context takeover, or
 * where compressed messages and plain ones alternate (uWebSockets#1347, bun#25673). They get plain frames.
 */
function isAppleClient(agent = ''): boolean {
  return /CFNetwork/.test(agent) || (/AppleWebKit/.test(agent) && !/Chrome\/|Chromium/.test(agent));
}

/** A connection of ws that knows whether frames of `compress` may be written to it. */
export class ClientSocket extends WebSocket {
  takesCompressed = false;
}

/** The part of ws's extension that is looked at; it is not public. */
interface Extension {
  params: { server_max_window_bits?: number };
  decompress(data: Buffer, isLast: boolean, done: Done): void;
}
type Done = (error: Error | null, text?: Buffer) => void;

/** The WebSocket server under Engine.IO. */
export class CompressingServer extends WebSocketServer {
  private readonly mostBytes: number;

  constructor(options: ServerOptions) {
    super({ ...options, WebSocket: ClientSocket });
    this.mostBytes = options.maxPayload ?? 0;
  }

  override handleUpgrade(
    ...[request, socket, head, done]: Parameters<Server['handleUpgrade']>
  ): void {
    // ws negotiates what stands there.
    if (isAppleClient(request.headers['user-agent'])) delete request.headers[EXTENSION_HEADER];
    super.handleUpgrade(request, socket, head, (client, of) => {
      const { _extensions } = client as unknown as { _extensions: Record<string, Extension> };
      const extension = _extensions[EXTENSION];
      if (extension && client instanceof ClientSocket) {
        client.takesCompressed = (extension.params.server_max_window_bits ?? 15) >= WINDOW_BITS;
        extension.decompress = decompressor(this.mostBytes);
      }
      done(client, of);
    });
  }
}

/**
 * What a client compressed is read at once and leaves nothing behind. ws would keep some 50 KB for each connection that ever sent
 * a compressed message, as every browser does, and wait for a thread each time. @param most bytes of a message
 */
function decompressor(most: number): Extension['decompress'] {
  let parts: Buffer[] = [];
  return (data, isLast, done) => {
    // ws counts on being answered later.
    if (!isLast) {
      parts.push(data);
      return queueMicrotask(() => done(null, Buffer.alloc(0)));
    }
    const whole = Buffer.concat([...parts, data, TRAILER]);
    parts = [];
    let text: Buffer;
    try {
      text = inflateRawSync(whole, {
        finishFlush: constants.Z_SYNC_FLUSH,
        maxOutputLength: most,
        // Commands are short.
        chunkSize: 1024,
      });
    } catch (error) {
      return queueMicrotask(() => done(error as Error));
    }
    queueMicrotask(() => done(null, text));
  };
}
