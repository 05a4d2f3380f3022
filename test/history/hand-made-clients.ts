import type { Device } from '../../bench/history/device.js';
import { type AckOf, History, type PayloadOf } from '../../bench/history/history.js';
import type { LiveCommands } from '../../src/protocol/commands.js';

type DataOf<Name extends keyof LiveCommands> = Extract<AckOf<Name>, { ok: true }>['data'];

/** Decides over each notification of each device. */
export type Tamper = (
  device: Device,
  name: string,
  payload: unknown,
) => 'told' | 'lost' | 'twice' | 'late';

/** The server's clock is ahead of the clients' by this, ms. */
const SKEW_MS = 1_000_000;

/** Clients that exist in their records alone; what they are told is what `tamper` leaves of it. */
export class HandMadeClients {
  readonly history: History;
  /** Their clock, ms. */
  at = 1_000;
  private readonly devices: Device[] = [];
  private readonly tamper: Tamper;
  private readonly late: (() => void)[] = [];

  constructor(itemIds: string[], tamper: Tamper) {
    this.history = new History(itemIds);
    this.tamper = tamper;
  }

  get serverNow(): number {
    return this.at + SKEW_MS;
  }

  /** Waits until the server's clock has passed a moment. */
  pass(serverTime: number): void {
    this.at = Math.max(this.at, serverTime - SKEW_MS + 1);
  }

  /** Another device, in the live from now on. */
  connect(viewerId: string | undefined, snapshot: DataOf<'live:join'>): Device {
    const device = this.history.device(viewerId);
    this.history.connected(device, this.at);
    this.devices.push(device);
    const sent = this.history.sent(device, 'live:join', { shopId: 's', liveId: 'l' }, this.at);
    this.history.answered(sent, { ok: true, data: snapshot }, this.at);
    return device;
  }

  drop(device: Device): void {
    this.history.disconnected(device);
    this.devices.splice(this.devices.indexOf(device), 1);
  }

  /** Sends a command now; what is answered takes the data when it is there. */
  send<Name extends keyof LiveCommands>(
    device: Device,
    name: Name,
    payload: PayloadOf<Name>,
  ): (data: DataOf<Name>) => void {
    const sent = this.history.sent(device, name, payload, this.at++);
    return (data) =>
      this.history.answered(sent, { ok: true, data } as unknown as AckOf<Name>, this.at++);
  }

  /** Tells a viewer's devices, but one. */
  tell(viewerId: string, name: string, payload: unknown, except?: Device): void {
    for (const device of this.devices)
      if (device.viewerId === viewerId && device !== except) this.deliver(device, name, payload);
  }

  tellAll(name: string, payload: unknown): void {
    for (const device of this.devices) this.deliver(device, name, payload);
  }

  /** Without asking whether it should be. */
  hear(device: Device, name: string, payload: unknown): void {
    this.history.heard(device, name, JSON.stringify(payload), this.at);
  }

  /** Whose server stood still hear now what they were to hear before. */
  catchUp(): void {
    for (const hear of this.late.splice(0)) hear();
  }

  private deliver(device: Device, name: string, payload: unknown): void {
    const fate = this.tamper(device, name, payload);
    const text = JSON.stringify(payload);
    const hear = () => this.history.heard(device, name, text, this.at);
    if (fate === 'late') this.late.push(hear);
    else for (let i = { told: 1, lost: 0, twice: 2 }[fate]; i > 0; i--) hear();
  }
}
