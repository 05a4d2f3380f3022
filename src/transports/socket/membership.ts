import type { Publisher } from './broadcast/publisher.js';
import { type StreamFollower, WAITED_FOR_MS } from './broadcast/stream-follower.js';
import { liveRoom } from './rooms.js';
import type { AnySocket } from './server.js';

/** Which sockets are subscribed to which shop and lives: the event stream of a shop is followed while one of them is. */
export class Membership {
  private readonly streamFollower: StreamFollower;
  private readonly publisher: Publisher;
  /** How many of our sockets watch each shop. */
  private readonly sockets = new Map<string, number>();

  constructor(streamFollower: StreamFollower, publisher: Publisher) {
    this.streamFollower = streamFollower;
    this.publisher = publisher;
  }

  /**
   * Before a socket connects: while the stream is followed, its private events are complete from its first moment. A store that is
   * away does not keep anyone from connecting.
   */
  async prepare(shopId: string): Promise<void> {
    if (this.streamFollower.isReady(shopId)) return;
    const ready = this.streamFollower.watch(shopId).catch(() => {});
    await Promise.race([
      ready,
      new Promise((resolve) => setTimeout(resolve, WAITED_FOR_MS).unref()),
    ]);
    if (!this.sockets.has(shopId)) this.streamFollower.unwatch(shopId);
  }

  /** The event stream of the shop is followed for as long as this socket is connected. Resolves once nothing can be missed any more. */
  async attach(socket: AnySocket, shopId: string): Promise<void> {
    if (!socket.data.shops.has(shopId) && socket.connected) {
      socket.data.shops.add(shopId);
      this.sockets.set(shopId, (this.sockets.get(shopId) ?? 0) + 1);
    }
    await this.streamFollower.watch(shopId);
  }

  /** The socket is gone. */
  detach(socket: AnySocket): void {
    for (const shopId of socket.data.shops) {
      const left = (this.sockets.get(shopId) ?? 1) - 1;
      if (left > 0) this.sockets.set(shopId, left);
      else {
        this.sockets.delete(shopId);
        this.streamFollower.unwatch(shopId);
      }
    }
  }

  /** Puts a socket into a live's room, after its shop's event stream is followed. */
  async join(socket: AnySocket, shopId: string, liveId: string): Promise<void> {
    await this.attach(socket, shopId);
    if (!socket.connected) return;
    socket.data.lives.set(liveId, shopId);
    await socket.join(liveRoom(shopId, liveId));
    this.publisher.watch(shopId, liveId);
  }

  leave(socket: AnySocket, shopId: string, liveId: string): void {
    socket.data.lives.delete(liveId);
    void socket.leave(liveRoom(shopId, liveId));
  }
}
