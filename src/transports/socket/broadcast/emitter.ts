import type { HostEvents, LiveEvents } from '../../../protocol/events.js';
import type { Identity } from '../../identity.js';
import { liveRoom, shopRoom, viewerRoom } from '../rooms.js';
import type { AnySocket, HostNamespace, LiveNamespace } from '../server.js';
import type { FrameWriter } from './frame-writer.js';
import { Frames, type Message } from './frames.js';

/** Events that viewers and hosts get alike. */
type PublicEvent = 'stock:changed' | 'stock:released' | 'live:updated' | 'item:updated';

/** An event that viewers and hosts get alike, ready to be sent. */
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
  private readonly frameWriter: FrameWriter;

  constructor(live: LiveNamespace, host: HostNamespace, frameWriter: FrameWriter) {
    this.live = live;
    this.host = host;
    this.frameWriter = frameWriter;
  }

  /** Viewers and hosts get the same events of a live. */
  toLive(room: string, ...messages: Message[]): void {
    for (const namespace of [this.live, this.host]) {
      const ids = namespace.adapter.rooms.get(room);
      if (!ids) continue;
      const frames = new Frames(namespace.name, messages);
      for (const id of ids) {
        const socket = namespace.sockets.get(id);
        if (socket) this.frameWriter.send(socket, frames);
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

  /** To every host of the shop. @param payload makes JSON of what the event's type says, if a host is subscribed */
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

  /** Ends the connections of the shop's hosts, whose clients come back and ask for everything again. */
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

  /** Called whenever a room has lost its last socket in one of the namespaces. */
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
      if (!socket || !mayGetPrivateEvents(socket)) continue;
      frames ??= new Frames(namespace.name, [{ event, payload }]);
      // One commit may have several events for a viewer, and the answer to the command may be among them.
      this.frameWriter.sendBatched(socket, frames);
    }
  }
}

/** After its token's `exp` a socket gets public events alone. */
function mayGetPrivateEvents({ data }: AnySocket): boolean {
  return (data.identity?.expiresAt ?? 0) > Date.now();
}
