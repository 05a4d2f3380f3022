import type { HostEvents, LiveEvents } from '../../protocol/events.js';
import { liveRoom, shopRoom, viewerRoom } from './rooms.js';
import type { HostNamespace, LiveNamespace } from './server.js';

/** Events that viewers and hosts hear alike. */
type PublicEvent = 'stock:changed' | 'stock:released' | 'live:updated' | 'item:updated';

/** Emits to the rooms of this server. A room without sockets here costs nothing: not even the encoding. */
export class Emitter {
  private readonly live: LiveNamespace;
  private readonly host: HostNamespace;

  constructor(live: LiveNamespace, host: HostNamespace) {
    this.live = live;
    this.host = host;
  }

  /** Viewers and hosts hear the same of a live. */
  toLive<Event extends PublicEvent>(
    room: string,
    event: Event,
    payload: Parameters<LiveEvents[Event]>[0],
  ): void {
    const args = [payload] as Parameters<LiveEvents[Event]>;
    const host = this.host as unknown as LiveNamespace;
    for (const namespace of [this.live, host]) {
      if (namespace.adapter.rooms.has(room)) namespace.to(room).emit(event, ...args);
    }
  }

  /** To all sockets of one viewer. */
  toViewer<Event extends keyof LiveEvents>(
    shopId: string,
    viewerId: string,
    event: Event,
    ...args: Parameters<LiveEvents[Event]>
  ): void {
    const room = viewerRoom(shopId, viewerId);
    if (this.live.adapter.rooms.has(room)) this.live.to(room).emit(event, ...args);
  }

  /** To every host of the shop. */
  toHosts<Event extends keyof HostEvents>(
    shopId: string,
    event: Event,
    ...args: Parameters<HostEvents[Event]>
  ): void {
    const room = shopRoom(shopId);
    if (this.host.adapter.rooms.has(room)) this.host.to(room).emit(event, ...args);
  }

  /** To the hosts who are in a live. */
  toHostsOfLive(shopId: string, liveId: string, viewers: number): void {
    const room = liveRoom(shopId, liveId);
    this.host.to(room).emit('live:audience', { liveId, viewers });
  }

  /** Viewers' sockets of this server in a live. */
  audience(room: string): number {
    return this.live.adapter.rooms.get(room)?.size ?? 0;
  }

  hasHosts(room: string): boolean {
    return this.host.adapter.rooms.has(room);
  }

  isEmpty(room: string): boolean {
    return !this.live.adapter.rooms.has(room) && !this.host.adapter.rooms.has(room);
  }

  /** Told whenever a room has lost its last socket in one of the namespaces. */
  onRoomLeft(listener: (room: string) => void): void {
    this.live.adapter.on('delete-room', listener);
    this.host.adapter.on('delete-room', listener);
  }
}
