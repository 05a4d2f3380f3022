import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** 400 kbit/s. */
const BYTES_A_MS = 50;
const LATENCY_MS = 30;
/** What a line holds back before its sender has to wait, bytes. */
const MOST_WAITING = 64 * 1024;

/** How a line fails. */
export const OUTAGES = ['cut', 'stalled', 'forgotten'] as const;
export type Outage = (typeof OUTAGES)[number];

/**
 * The network between phones and a server: each phone has a slow line of its own, which fails by itself. A phone is known by the
 * address that it connects to, of which a machine has millions (127.0.0.0/8).
 */
export class MobileNetwork {
  private readonly target: number;
  private readonly server = createServer((phone) =>
    this.line(phone.localAddress ?? '').take(phone),
  );
  private readonly lines = new Map<string, Line>();

  /** @param target port of the server */
  constructor(target: number) {
    this.target = target;
  }

  async listen(): Promise<void> {
    this.server.listen({ port: 0, host: '0.0.0.0', backlog: 4_096 });
    await once(this.server, 'listening');
  }

  /** Where phone `n` finds the server. */
  urlOf(n: number): string {
    return `http://${addressOf(n)}:${(this.server.address() as AddressInfo).port}`;
  }

  lineOf(n: number): Line {
    return this.line(addressOf(n));
  }

  private line(address: string): Line {
    let line = this.lines.get(address);
    if (!line) {
      line = new Line(this.target);
      this.lines.set(address, line);
    }
    return line;
  }
}

function addressOf(n: number): string {
  return `127.1.${n >> 8}.${n & 255}`;
}

/** One phone's line, with whatever connections go through it. */
export class Line {
  private readonly target: number;
  private readonly links = new Set<Link>();
  private outage: Outage | undefined;

  constructor(target: number) {
    this.target = target;
  }

  /**
   * `cut`: both sides hear of it, and nobody gets through. `stalled`: nothing moves, and what was sent arrives when it is over.
   * `forgotten`: the server's side ends, the phone's hears nothing of it, then or later.
   */
  fail(outage: Outage): void {
    this.outage = outage;
    for (const link of this.links) {
      if (outage === 'cut') link.end();
      else if (outage === 'forgotten') link.forget();
      else link.hold(true);
    }
  }

  restore(): void {
    this.outage = undefined;
    for (const link of this.links) link.hold(false);
  }

  take(phone: Socket): void {
    if (this.outage === 'cut') {
      phone.destroy();
      return;
    }
    const link = new Link(phone, connect(this.target, '127.0.0.1'));
    this.links.add(link);
    link.hold(this.outage !== undefined);
    phone.on('close', () => this.links.delete(link));
  }
}

class Link {
  private readonly phone: Socket;
  private readonly server: Socket;
  private readonly pipes: Pipe[];
  private forgotten = false;

  constructor(phone: Socket, server: Socket) {
    this.phone = phone;
    this.server = server;
    this.pipes = [new Pipe(phone, server), new Pipe(server, phone)];
    for (const socket of [phone, server]) {
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('close', () => this.forgotten || this.end());
    }
    phone.on('close', () => this.end());
  }

  hold(held: boolean): void {
    for (const pipe of this.pipes) pipe.hold(held);
  }

  forget(): void {
    this.forgotten = true;
    this.hold(true);
    for (const pipe of this.pipes) pipe.stop();
    this.server.destroy();
  }

  end(): void {
    for (const pipe of this.pipes) pipe.stop();
    this.phone.destroy();
    this.server.destroy();
  }
}

/** One direction of a connection, in order and no faster than the line. */
class Pipe {
  private readonly from: Socket;
  private readonly to: Socket;
  private readonly waiting: { chunk: Buffer; at: number }[] = [];
  private bytes = 0;
  private free = 0;
  private held = false;
  private stopped = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(from: Socket, to: Socket) {
    this.from = from;
    this.to = to;
    from.on('data', (chunk: Buffer) => {
      this.free = Math.max(performance.now(), this.free) + chunk.length / BYTES_A_MS;
      this.waiting.push({ chunk, at: this.free + LATENCY_MS });
      this.bytes += chunk.length;
      if (this.bytes > MOST_WAITING) from.pause();
      this.move();
    });
  }

  hold(held: boolean): void {
    this.held = held;
    this.move();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private move(): void {
    clearTimeout(this.timer);
    if (this.held || this.stopped) return;
    for (let first = this.waiting[0]; first; first = this.waiting[0]) {
      const left = first.at - performance.now();
      if (left > 0) {
        this.timer = setTimeout(() => this.move(), left);
        break;
      }
      this.waiting.shift();
      this.bytes -= first.chunk.length;
      if (this.to.writable) this.to.write(first.chunk);
    }
    if (this.bytes <= MOST_WAITING && this.from.isPaused()) this.from.resume();
  }
}
