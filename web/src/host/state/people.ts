import { signal } from '@preact/signals';
import type { ViewerBrief } from '../../../../src/protocol/viewer.js';
import { api, everyRow } from './api.js';
import { gather } from './gather.js';

/**
 * Names and reputations of the shop's viewers as last received. Orders come over HTTP with the viewer's id
 * alone, and a seller knows people by name.
 */
const known = new Map<string, ViewerBrief>();
const MOST = 2_000;
/** Moves when somebody became known or changed; whoever reads a person follows it. */
const version = signal(0);
const show = gather(250, () => {
  version.value += 1;
});

export function remember(...viewers: readonly ViewerBrief[]): void {
  for (const { viewerId, name, reputation } of viewers) {
    const before = known.get(viewerId);
    if (before?.name === name && before.reputation === reputation) continue;
    known.set(viewerId, { viewerId, name, reputation });
    show.soon();
  }
}

export function person(viewerId: string): ViewerBrief | undefined {
  return version.value < 0 ? undefined : known.get(viewerId);
}

export function nameOf(viewerId: string): string {
  return person(viewerId)?.name || viewerId;
}

let asking = false;

/** Asks for the names once more when one of these is not known yet; several askers share one request. */
export function learn(viewerIds: readonly string[]): void {
  if (asking || viewerIds.every((id) => known.has(id))) return;
  asking = true;
  void everyRow(api.viewers, { most: MOST }).then((outcome) => {
    asking = false;
    if (outcome.ok) remember(...outcome.data);
  });
}
