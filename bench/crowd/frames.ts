import { setTimeout as delay } from 'node:timers/promises';
import type { StockView } from '../../src/protocol/item.js';
import { quantiles } from '../rig/statistics.js';

/** A value of an item's stock. */
export type Value = Pick<StockView, 'itemId' | 'available' | 'revision'>;

/** How long after the last booking viewers had the last values. */
export interface LastValue {
  /** Of each viewer's last value, ms. */
  lags: number[];
  /** Viewers without them when time was up. */
  missing: number;
  /** When the last viewer had them, ms after the last booking. */
  complete: number;
}

/** Counts the stock frames that viewers get and notes when each viewer saw which value. */
export class FrameWatch {
  private frames = 0;
  private listeners: ((payload: unknown) => void)[] = [];
  /** When each viewer last saw an item's value change: item → viewer → the newest value and its time. */
  private readonly seen = new Map<string, Map<string, { value: Value; at: number }>>();
  /** Everyone gets the same text: parsed once. */
  private lastText = '';
  private lastItems: Value[] = [];

  stock(viewerId: string, payload: string): void {
    this.frames++;
    if (payload !== this.lastText) {
      this.lastText = payload;
      const parsed = JSON.parse(payload) as { items: Value[] };
      this.lastItems = parsed.items;
      for (const listener of this.listeners.splice(0)) listener(parsed);
    }
    const at = Date.now();
    for (const value of this.lastItems) this.note(viewerId, value, at);
  }

  /** Frames since the last call, over all viewers. */
  count(): number {
    const { frames } = this;
    this.frames = 0;
    return frames;
  }

  /** The next frame that anyone gets. */
  next(): Promise<unknown> {
    return new Promise((resolve) => this.listeners.push(resolve));
  }

  /** The next frame with this many items. */
  async nextOf(items: number): Promise<unknown> {
    for (;;) {
      const frame = (await this.next()) as { items: Value[] };
      if (frame.items.length === items) return frame;
    }
  }

  /** Waits until every viewer has these values. @param since when the last booking was sent, epoch ms */
  async expectLast(
    last: Value[],
    since: number,
    viewers: number,
    withinMs: number,
  ): Promise<LastValue> {
    const end = performance.now() + withinMs;
    while (this.missing(last, viewers) > 0 && performance.now() < end) await delay(5);
    const lags: number[] = [];
    for (const value of last) {
      for (const { value: found, at } of this.seen.get(value.itemId)?.values() ?? [])
        if (reached(found, value)) lags.push(Math.max(0, at - since));
    }
    return { lags, missing: this.missing(last, viewers), complete: quantiles(lags).max };
  }

  private missing(last: Value[], viewers: number): number {
    let worst = 0;
    for (const value of last) {
      let have = 0;
      for (const { value: found } of this.seen.get(value.itemId)?.values() ?? [])
        if (reached(found, value)) have++;
      worst = Math.max(worst, viewers - have);
    }
    return worst;
  }

  private note(viewerId: string, value: Value, at: number): void {
    let viewers = this.seen.get(value.itemId);
    if (!viewers) {
      viewers = new Map();
      this.seen.set(value.itemId, viewers);
    }
    const known = viewers.get(viewerId);
    if (!known) viewers.set(viewerId, { value, at });
    else if (isNewer(value, known.value)) {
      known.value = value;
      known.at = at;
    }
  }
}

function isNewer(value: Value, known: Value): boolean {
  return value.revision === undefined
    ? value.available < known.available
    : value.revision > known.revision;
}

function reached(found: Value, last: Value): boolean {
  return found === last || !isNewer(last, found);
}
