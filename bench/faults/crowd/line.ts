import { setTimeout as delay } from 'node:timers/promises';
import type { LiveCommands } from '../../../src/protocol/commands.js';
import { Connection, parseAnswer } from '../../client/connection.js';
import type { Device } from '../../history/device.js';
import type { AckOf, History, PayloadOf } from '../../history/history.js';
import type { Random } from '../random.js';
import type { Watch } from './watch.js';

/** A connection that does not stand by then is tried at the next server, ms. */
const CONNECT_MS = 3_000;
/** No answer by then, though the connection stands, will not come any more, ms. */
const PATIENCE_MS = 8_000;
const JOIN_AGAIN_MS = 100;

/** Where a client goes, who it is, and who takes down what it asks and hears. */
export interface Place {
  /** Of each server; a client that is cut off goes to the next. */
  urls: string[];
  shopId: string;
  liveId: string;
  history: History;
  watch: Watch;
  random: Random;
}

interface Standing {
  device: Device;
  connection: Connection;
  /** Told when the connection ends: no answer will come. */
  waiting: Set<() => void>;
}

/**
 * One client of the live, as the pages' client is one: whatever happens it connects again, joins again, and goes on. Each
 * connection is a device of its own in the history.
 */
export class Line {
  private readonly place: Place;
  private readonly viewerId: string | undefined;
  private readonly token: string | undefined;
  private readonly staying: Promise<void>;
  private standing: Standing | undefined;
  private readonly joined = new Set<() => void>();
  private leaving = false;
  private end: (() => void) | undefined;

  /** @param viewer undefined: watches without a token. @param first the server to begin with, counted around */
  constructor(place: Place, viewer: { id: string; token: string } | undefined, first: number) {
    this.place = place;
    this.viewerId = viewer?.id;
    this.token = viewer?.token;
    this.staying = this.stay(first);
  }

  /** Undefined when no answer came: the connection broke, stayed silent, or this client has left. */
  async ask<Name extends keyof LiveCommands>(
    name: Name,
    payload: PayloadOf<Name>,
  ): Promise<AckOf<Name> | undefined> {
    const standing = await this.inTheLive();
    return standing && this.send(standing, name, payload);
  }

  async inTheLive(): Promise<Standing | undefined> {
    while (!this.standing && !this.leaving) {
      await new Promise<void>((resolve) => this.joined.add(resolve));
    }
    return this.standing;
  }

  async leave(): Promise<void> {
    this.leaving = true;
    this.wake();
    this.end?.();
    await this.staying;
  }

  /** As a phone that loses its network; it comes back by itself. */
  drop(): void {
    this.end?.();
  }

  private async stay(first: number): Promise<void> {
    const { urls, random } = this.place;
    for (let turn = first; !this.leaving; turn++) {
      await this.visit(urls[turn % urls.length] ?? '');
      if (!this.leaving) await delay(random.whole(50, 300));
    }
  }

  /** Resolves when the connection has ended, or could not be made. */
  private async visit(url: string): Promise<void> {
    const { history } = this.place;
    const device = history.device(this.viewerId);
    const lost = new Promise<void>((resolve) => {
      this.end = resolve;
    });
    const event = (name: string, payload: string) =>
      history.heard(device, name, payload, performance.now());
    const listener = { event, lost: () => this.end?.() };
    try {
      const connection = await Connection.open({ url, token: this.token }, listener, CONNECT_MS);
      const standing = { device, connection, waiting: new Set<() => void>() };
      const over = lost.then(() => {
        history.disconnected(device);
        connection.destroy();
        if (this.standing === standing) this.standing = undefined;
        for (const give of standing.waiting) give();
      });
      await this.join(standing);
      await over;
    } catch {
      history.disconnected(device);
    }
  }

  private async join(standing: Standing): Promise<void> {
    const { shopId, liveId } = this.place;
    while (!standing.device.lost) {
      const ack = await this.send(standing, 'live:join', { shopId, liveId });
      if (ack?.ok && !standing.device.lost) {
        // While Redis is away a socket may connect; what comes before this moment is in the snapshot.
        this.place.history.connected(standing.device, performance.now());
        this.standing = standing;
        this.wake();
        return;
      }
      await delay(JOIN_AGAIN_MS);
    }
  }

  private send<Name extends keyof LiveCommands>(
    { device, connection, waiting }: Standing,
    name: Name,
    payload: PayloadOf<Name>,
  ): Promise<AckOf<Name> | undefined> {
    const { history, watch } = this.place;
    const sent = history.sent(device, name, payload, performance.now());
    return new Promise((resolve) => {
      const settle = (ack: AckOf<Name> | undefined) => {
        clearTimeout(timer);
        waiting.delete(give);
        resolve(ack);
      };
      const give = () => settle(undefined);
      const timer = setTimeout(() => {
        watch.silent(name);
        give();
      }, PATIENCE_MS);
      waiting.add(give);
      connection.send(name, JSON.stringify(payload), (answer) => {
        const ack = parseAnswer(answer) as AckOf<Name>;
        const at = performance.now();
        history.answered(sent, ack, at);
        watch.answered(name, sent.sentAt, at, ack);
        settle(ack);
      });
    });
  }

  private wake(): void {
    for (const resolve of this.joined) resolve();
    this.joined.clear();
  }
}
