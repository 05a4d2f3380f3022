import { setTimeout as delay } from 'node:timers/promises';
import type { Booking } from '../../src/protocol/booking.js';
import type { LiveCommands } from '../../src/protocol/commands.js';
import type { Me } from '../../src/protocol/viewer.js';
import { Connection, parseAnswer } from '../client/connection.js';
import type { Device } from '../history/device.js';
import type { AckOf, History, PayloadOf } from '../history/history.js';

/** The server said no, in its own words. */
export class Refusal extends Error {
  override name = 'Refusal';
}

/** Where a visitor goes, and who they are. */
export interface Entry {
  url: string;
  shopId: string;
  liveId: string;
  viewerId: string;
  token: string;
}

/** ms of the monotonic clock, which all processes of a machine share. */
export function clock(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1_000 + nanoseconds / 1_000_000;
}

/** Whoever asks how it all ended is answered within this, or the server has stopped, ms. */
const LOOK_WITHIN_MS = 30_000;

type Answers<Name extends keyof LiveCommands> =
  AckOf<Name> extends infer Ack
    ? Ack extends { ok: true; data: infer Data }
      ? Data
      : never
    : never;

interface Line {
  device: Device;
  connection: Connection;
}

/** One viewer of a load test, on one device or several, and everything that they ask and hear put on record. */
export class Visitor {
  /** Busy with something that takes several steps. */
  busy = false;
  private readonly entry: Entry;
  private readonly history: History;
  private readonly lines: Line[] = [];
  private readonly onLost: () => void;

  /** @param onLost a connection of theirs has ended by itself */
  constructor(entry: Entry, history: History, onLost: () => void) {
    this.entry = entry;
    this.history = history;
    this.onLost = onLost;
  }

  /** Connects one more device and joins the live with it. @throws Refusal */
  async arrive(): Promise<void> {
    const { history } = this;
    const { url, token, viewerId } = this.entry;
    const device = history.device(viewerId);
    const connection = await Connection.open(
      { url, token },
      {
        event: (name, payload) => history.heard(device, name, payload, clock()),
        lost: () => {
          history.disconnected(device);
          this.onLost();
        },
      },
    );
    history.connected(device, clock());
    this.lines.push({ device, connection });
    await this.join(this.lines.length - 1);
  }

  async join(device = 0): Promise<void> {
    const { shopId, liveId } = this.entry;
    await this.ask('live:join', { shopId, liveId }, device);
  }

  async leaveLive(): Promise<void> {
    await this.ask('live:leave', { liveId: this.entry.liveId });
  }

  /** Without a promise for each: there are thousands a second. @param device counted around */
  book(
    itemId: string,
    requestId: string,
    device: number,
    onAnswer: (outcome: Booking | string) => void,
  ): void {
    const { liveId } = this.entry;
    this.send('booking:create', { liveId, itemId, quantity: 1, requestId }, device, (ack) =>
      onAnswer(ack.ok ? ack.data.booking : ack.error.code),
    );
  }

  /** Any command. @throws Refusal */
  ask<Name extends keyof LiveCommands>(
    name: Name,
    payload: PayloadOf<Name>,
    device = 0,
  ): Promise<Answers<Name>> {
    return new Promise((resolve, reject) => {
      this.send(name, payload, device, (ack) => {
        if (ack.ok) resolve(ack.data as Answers<Name>);
        else reject(new Refusal(ack.error.code));
      });
    });
  }

  /** The viewer's own state, for the record of how it ended; nothing when no device is left. @throws when there is no answer */
  async lookBack(withinMs = LOOK_WITHIN_MS): Promise<void> {
    const line = this.lines.findIndex(({ device }) => !device.lost);
    if (line < 0) return;
    const sentAt = clock();
    const asked = new AbortController();
    const late = delay(withinMs, undefined, { signal: asked.signal }).catch(() => undefined);
    const me: Me | undefined = await Promise.race([this.ask('me:get', {}, line), late]);
    asked.abort();
    if (me) this.history.finally(this.entry.viewerId, me, sentAt);
    else if (!this.lines[line]?.device.lost)
      throw new Error(`the server has not answered for ${withinMs / 1_000} s: there is no verdict`);
  }

  leave(): void {
    for (const { connection } of this.lines) connection.destroy();
  }

  private send<Name extends keyof LiveCommands>(
    name: Name,
    payload: PayloadOf<Name>,
    device: number,
    onAnswer: (ack: AckOf<Name>) => void,
  ): void {
    const line = this.lines[device % this.lines.length] as Line;
    const sent = this.history.sent(line.device, name, payload, clock());
    line.connection.send(name, JSON.stringify(payload), (answer) => {
      const ack = parseAnswer(answer) as AckOf<Name>;
      this.history.answered(sent, ack, clock());
      onAnswer(ack);
    });
  }
}
