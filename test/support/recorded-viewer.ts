import type { Device } from '../../bench/history/device.js';
import type { AckOf, History, PayloadOf } from '../../bench/history/history.js';
import type { LiveCommands } from '../../src/protocol/commands.js';
import { type ViewerClient, viewer, viewerWith } from './client.js';
import type { Reachable } from './server-environment.js';

const now = () => performance.now();

/** A viewer in a live, of whom everything that is sent, answered and told is put on record. */
export class RecordedViewer {
  private readonly history: History;
  private readonly viewerId: string | undefined;
  private readonly live: { shopId: string; liveId: string };
  private readonly client: ViewerClient;
  private device: Device;

  private constructor(
    history: History,
    viewerId: string | undefined,
    live: { shopId: string; liveId: string },
    client: ViewerClient,
  ) {
    this.history = history;
    this.viewerId = viewerId;
    this.live = live;
    this.client = client;
    this.device = history.device(viewerId);
    client.socket.onAny((name: string, payload: unknown) =>
      history.heard(this.device, name, JSON.stringify(payload), now()),
    );
  }

  /** @param viewerId undefined for one who only watches */
  static async join(
    history: History,
    server: Reachable,
    viewerId: string | undefined,
    live: { shopId: string; liveId: string },
  ): Promise<RecordedViewer> {
    const client = await (viewerId === undefined
      ? viewerWith(server)
      : viewer(server, live.shopId, viewerId));
    const recorded = new RecordedViewer(history, viewerId, live, client);
    await recorded.enter();
    return recorded;
  }

  async emit<Name extends keyof LiveCommands>(
    name: Name,
    payload: PayloadOf<Name>,
  ): Promise<AckOf<Name>> {
    const sent = this.history.sent(this.device, name, payload, now());
    const ack = (await this.client.send(name, payload)) as AckOf<Name>;
    this.history.answered(sent, ack, now());
    return ack;
  }

  /** Loses the connection and comes back. */
  async reconnect(): Promise<void> {
    this.leave();
    this.device = this.history.device(this.viewerId);
    await this.client.connect();
    await this.enter();
  }

  leave(): void {
    this.client.drop();
    this.history.disconnected(this.device);
  }

  /** The viewer's own state, for the record of how it ended. */
  async lookBack(): Promise<void> {
    if (this.viewerId === undefined) return;
    const sentAt = now();
    const ack = await this.emit('me:get', {});
    if (ack.ok) this.history.finally(this.viewerId, ack.data, sentAt);
  }

  private async enter(): Promise<void> {
    this.history.connected(this.device, now());
    await this.emit('live:join', this.live);
  }
}
