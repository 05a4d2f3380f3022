import { AppError } from '../../protocol/errors.js';
import type { RedisNode } from './connection.js';
import { Nodes } from './nodes.js';
import type { Troubles } from './troubles.js';

interface Bell {
  ring: () => void;
  /** The server that we listen at, undefined for none. */
  at: string | undefined;
  placing: boolean;
}

/**
 * Listens for the bells of shops whose masters come and go. Whenever a channel's owner is not the server that we listen
 * at, `tend()` moves it there. A bell that rings in between is missed; the followers' slow poll makes up for it.
 */
export class Bells {
  private readonly bells = new Map<string, Bell>();
  private readonly nodes: Nodes;
  private readonly ownerOf: (channel: string) => string | undefined;
  private readonly troubles: Troubles;

  constructor(
    ownerOf: (channel: string) => string | undefined,
    create: (address: string) => RedisNode,
    troubles: Troubles,
  ) {
    this.ownerOf = ownerOf;
    this.troubles = troubles;
    this.nodes = new Nodes((address) => this.connect(address, create));
  }

  /** Answers at once; the bell rings for the first time when it is in place. */
  listen(channel: string, ring: () => void): () => Promise<void> {
    const bell: Bell = { ring, at: undefined, placing: false };
    this.bells.set(channel, bell);
    void this.place(channel, bell);
    return async () => {
      if (this.bells.get(channel) === bell) this.bells.delete(channel);
      await this.leave(channel, bell);
    };
  }

  /** Moves every bell to where it belongs, and ends the clients that no bell needs. */
  tend(): void {
    const needed = new Set<string>();
    for (const [channel, bell] of this.bells) {
      const owner = this.ownerOf(channel);
      if (owner !== undefined) needed.add(owner);
      if (bell.at !== owner) void this.place(channel, bell);
    }
    this.nodes.keepOnly(needed);
  }

  close(): Promise<void> {
    this.bells.clear();
    return this.nodes.close();
  }

  /** Never throws: what cannot be placed now is placed by a later `tend()`. */
  private async place(channel: string, bell: Bell): Promise<void> {
    const owner = this.ownerOf(channel);
    if (owner === undefined || bell.placing) return;
    bell.placing = true;
    try {
      await this.leave(channel, bell);
      const client = await this.nodes.ready(owner);
      if (!client.isReady) throw new AppError('STORE_UNAVAILABLE');
      await client.sSubscribe(channel, bell.ring);
      this.troubles.over(owner);
      bell.at = owner;
      // What was committed while nobody listened.
      bell.ring();
    } catch (error) {
      bell.at = undefined;
      if (!(error instanceof AppError)) this.troubles.note(owner, error);
    } finally {
      bell.placing = false;
    }
    if (this.bells.get(channel) !== bell) await this.leave(channel, bell);
  }

  private async leave(channel: string, bell: Bell): Promise<void> {
    const client = bell.at === undefined ? undefined : this.nodes.all().get(bell.at);
    bell.at = undefined;
    if (client?.isReady) await client.sUnsubscribe(channel, bell.ring).catch(() => {});
  }

  private connect(address: string, create: (address: string) => RedisNode): RedisNode {
    const client = create(address);
    // The client subscribes again by itself after a reconnect. It gives up when the slot is elsewhere by then.
    client.on('__MOVED', () => this.lost((bell) => bell.at === address));
    client.on('sharded-channel-moved', (moved: Buffer | string) => {
      this.lost((bell, channel) => bell.at === address && channel === moved.toString());
    });
    return client;
  }

  private lost(which: (bell: Bell, channel: string) => boolean): void {
    for (const [channel, bell] of this.bells) if (which(bell, channel)) bell.at = undefined;
  }
}
