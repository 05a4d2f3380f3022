import type { Device, ViewerState } from './device.js';
import type { Findings } from './findings.js';

/** The states that one thing went through, as answers and notifications tell of them. A state is a text. */
export interface Chain {
  /** When it was asked for, or heard of first; clients' clock. */
  since: number;
  /** States that answers told. */
  readonly acked: string[];
  /** States told to each device, by its index, as they came. */
  readonly told: string[][];
}

/** What the states of a kind of thing mean. */
export interface Kind {
  name: string;
  /** Below 0 when the first comes before the second. */
  compare(a: string, b: string): number;
}

export function newChain(since: number): Chain {
  return { since, acked: [], told: [] };
}

export function tell({ told }: Chain, device: Device, state: string): void {
  told[device.index] ??= [];
  told[device.index]?.push(state);
}

/** Every state that anyone knows of, in their order. */
export function statesOf({ acked, told }: Chain, { compare }: Kind): string[] {
  return [...new Set([...acked, ...told.flat()])].sort(compare);
}

/** A thing's chain, and what devices had to hear of it. */
export interface Told {
  id: string;
  chain: Chain;
  kind: Kind;
  /** Everything that happened to it, in order. */
  states: string[];
  /** The state that a device's snapshot showed, if it did. */
  shown(device: Device): string | undefined;
  /** A state that a device need not be told of, or must not be. */
  spared?(device: Device): { state: string; forbidden: boolean } | undefined;
}

/** Whether each of a viewer's devices was told of each state that it was there for, once, and in order. */
export function judgeTold(told: Told, viewer: ViewerState, findings: Findings): void {
  for (const device of viewer.devices) {
    const mine = told.chain.told[device.index] ?? [];
    const where = `${told.id} of ${viewer.viewerId}, device ${device.index}`;
    const spared = told.spared?.(device);
    findings.checked('once', mine.length);
    if (new Set(mine).size < mine.length || (spared?.forbidden && mine.includes(spared.state)))
      findings.broken('once', told.kind.name, `${where}: ${mine.join(', ')}`);
    if (mine.some((state, i) => i > 0 && told.kind.compare(mine[i - 1] ?? '', state) > 0))
      findings.broken('order', told.kind.name, `${where}: ${mine.join(', ')}`);
    if (device.lost) continue;
    for (const state of statesSince(told, device)) {
      if (state === spared?.state) continue;
      findings.checked('told');
      if (!mine.includes(state))
        findings.broken('told', `${told.kind.name} ${state.split(' ')[0]}`, where);
    }
  }
}

/** All states of what came to be while the device was there, and else what came after its first snapshot. */
function statesSince({ chain, states, kind, shown }: Told, device: Device): string[] {
  if (chain.since >= device.from) return states;
  const known = shown(device);
  return known === undefined ? [] : states.filter((state) => kind.compare(known, state) < 0);
}
