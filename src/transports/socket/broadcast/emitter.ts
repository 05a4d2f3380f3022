import type { HostEvents, LiveEvents } from '../../../protocol/events.js';
import type { Identity } from '../../identity.js';
import { liveRoom, shopRoom, viewerRoom } from '../rooms.js';
import type { AnySocket, HostNamespace, LiveNamespace } from '../server.js';
import type { Outbox } from './frame-writer.js';
import { type Frames, framesOf, type Message } from './frames.js';

/** Events that viewers and hosts hear alike. */
type PublicEvent = 'stock:changed' | 'stock:released' | 'live:updated' | 'item:updated';

/** An event that viewers and hosts hear alike, ready to be sent. */
export function publicMessage<Event extends PublicEvent>(
  event: Event,
  payload: Parameters<LiveEvents[Event]>[0],
): Message {
  return { event, payload: JSON.stringify(payload) };
}

/** Emits to the rooms of this server. A room without sockets here costs nothing: not even the encoding. */
export class Emitter {
  private readonly live: LiveNamespace;
  private readonly host: HostNamespace;
  private readonly outbox: Outbox;

  constructor(live: LiveNamespace, host: HostNamespace, outbox: Outbox) {
    this.live = live;
    this.host = host;
    this.outbox = outbox;
  }

  /** Viewers and hosts hear the same of a live. */
  toLive(room: string, ...messages: Message[]): void {
    for (const namespace of [this.live, this.host]) {
      const ids = namespace.adapter.rooms.get(room);
      if (!ids) continue;
      const frames = framesOf(namespace.name, messages);
      for (const id of ids) {
        const socket = namespace.sockets.get(id);
        if (socket) this.outbox.send(socket, frames);
      }
    }
  }

  /**
   * To all sockets of one viewer.
   * @param payload JSON of what the event's type says
   * @param withheld whether a socket is left out
   */
  toViewer(
    shopId: string,
    viewerId: string,
    event: keyof LiveEvents,
    payload: string,
    withheld?: (socketId: string) => boolean,
  ): void {
    this.privately(this.live, viewerRoom(shopId, viewerId), event, payload, withheld);
  }

  /** To one of a viewer's sockets, if it is still there. @param payload as of `toViewer` */
  toSocket(socketId: string, event: keyof LiveEvents, payload: string): void {
    const socket = this.live.sockets.get(socketId);
    if (socket && mayHear(socket))
      this.outbox.sendGathered(socket, framesOf(this.live.name, [{ event, payload }]));
  }

  /** To every host of the shop. @param payload makes JSON of what the event's type says, if there is anybody to hear it */
  toHosts(shopId: string, event: keyof HostEvents, payload: () => string): void {
    const room = shopRoom(shopId);
    if (this.hasHosts(room)) this.privately(this.host, room, event, payload());
  }

  /** To the hosts who are in a live. */
  toHostsOfLive(shopId: string, liveId: string, viewers: number): void {
    const payload = JSON.stringify({ liveId, viewers });
    this.privately(this.host, liveRoom(shopId, liveId), 'live:audience', payload);
  }

  /** The shop's viewers who have a socket here, each once. */
  viewersOf(shopId: string): Identity[] {
    const found: Identity[] = [];
    for (const [room, ids] of this.live.adapter.rooms) {
      const [id = ''] = ids;
      const { identity } = this.live.sockets.get(id)?.data ?? {};
      if (identity?.shopId === shopId && room === viewerRoom(shopId, identity.id))
        found.push(identity);
    }
    return found;
  }

  /** Ends the connections of the shop's hosts, whose clients come back and ask for everything anew. */
  sendHostsBack(shopId: string): void {
    for (const id of this.host.adapter.rooms.get(shopRoom(shopId)) ?? [])
      this.host.sockets.get(id)?.conn.close();
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

  private privately(
    namespace: LiveNamespace | HostNamespace,
    room: string,
    event: string,
    payload: string,
    withheld?: (socketId: string) => boolean,
  ): void {
    const ids = namespace.adapter.rooms.get(room);
    if (!ids) return;
    let frames: Frames | undefined;
    for (const id of ids) {
      if (withheld?.(id)) continue;
      const socket = namespace.sockets.get(id);
      if (!socket || !mayHear(socket)) continue;
      frames ??= framesOf(namespace.name, [{ event, payload }]);
      // One commit may tell a viewer several things, and the answer to the command may be among them.
      this.outbox.sendGathered(socket, frames);
    }
  }
}

/** After its token's `exp` a socket hears no more than anyone does. */
function mayHear({ data }: AnySocket): boolean {
  return (data.identity?.expiresAt ?? 0) > Date.now();
}
