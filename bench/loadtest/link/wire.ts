import type { Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';

/** What the two sides of this version say to each other; others are turned away. */
export const LINK_VERSION = 1;

/** Until it is known who it is. */
const LONGEST_GREETING = 2_000;
/** Histories of a long load are long. */
const LONGEST_LINE = 512 * 1024 * 1024;
const BEAT_EVERY_MS = 2_000;
/** Both sides' main processes are idle but for judging, which takes seconds. */
const SILENT_FOR_MS = 60_000;

/** Lines of JSON on a connection, with a beat, so that either side notices when the other is gone without a word. */
export class Wire {
  /** Gets each message; one that cannot be read ends the connection. */
  onMessage: (message: unknown) => void = () => {};
  /** Told once, however it ended. */
  onEnd: (reason: string) => void = () => {};
  /** Whether the other side has said who it is. */
  trusted = false;
  readonly peer: string;
  private readonly socket: Socket;
  private readonly decoder = new StringDecoder('utf8');
  private readonly beat: NodeJS.Timeout;
  private parts: string[] = [];
  private length = 0;
  private ended = false;
  private heardAt = performance.now();

  constructor(socket: Socket) {
    this.socket = socket;
    this.peer = `${socket.remoteAddress}:${socket.remotePort}`;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.read(chunk));
    socket.on('error', (error) => this.end(error.message));
    socket.on('close', () => this.end('connection closed'));
    this.beat = setInterval(() => this.pulse(), BEAT_EVERY_MS);
  }

  send(message: unknown): void {
    if (!this.ended) this.socket.write(`${JSON.stringify(message)}\n`);
  }

  /** What has been sent still arrives. */
  end(reason = 'closed'): void {
    if (this.ended) return;
    this.ended = true;
    clearInterval(this.beat);
    this.socket.end(() => this.socket.destroy());
    this.onEnd(reason);
  }

  /** The socket's own time limit counts what we write as life. */
  private pulse(): void {
    if (performance.now() - this.heardAt > SILENT_FOR_MS) this.end('silent for a minute');
    else this.socket.write('\n');
  }

  private read(chunk: Buffer): void {
    this.heardAt = performance.now();
    const lines = this.decoder.write(chunk).split('\n');
    for (const [i, text] of lines.entries()) {
      this.parts.push(text);
      this.length += text.length;
      if (this.length > (this.trusted ? LONGEST_LINE : LONGEST_GREETING)) {
        this.end('a message that is too long');
        return;
      }
      if (i === lines.length - 1) return;
      const line = this.parts.join('');
      this.parts = [];
      this.length = 0;
      if (line !== '') this.take(line);
      if (this.ended) return;
    }
  }

  private take(line: string): void {
    let message: unknown;
    try {
      message = JSON.parse(line);
    } catch {
      this.end('what it says is no JSON');
      return;
    }
    this.onMessage(message);
  }
}
