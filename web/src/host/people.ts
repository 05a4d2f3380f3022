import { signal } from '@preact/signals';
import type { ViewerBrief } from '../../../src/protocol/viewer.js';
import { api, everyRow } from './api.js';

/**
 * Names and reputations of the shop's viewers as last heard. Orders come over HTTP with the viewer's id
 * alone, and a seller knows people by name.
 */
const known = signal<ReadonlyMap<string, ViewerBrief>>(new Map());
const MOST = 2_000;

export function remember(...viewers: readonly ViewerBrief[]): void {
  const news = viewers.filter((viewer) => differs(known.peek().get(viewer.viewerId), viewer));
  if (news.length === 0) return;
  const next = new Map(known.peek());
  for (const { viewerId, name, reputation } of news)
    next.set(viewerId, { viewerId, name, reputation });
  known.value = next;
}

function differs(old: ViewerBrief | undefined, now: ViewerBrief): boolean {
  return old === undefined || old.name !== now.name || old.reputation !== now.reputation;
}

export function person(viewerId: string): ViewerBrief | undefined {
  return known.value.get(viewerId);
}

export function nameOf(viewerId: string): string {
  return person(viewerId)?.name || viewerId;
}

let asking: Promise<void> | null = null;

/** Asks for the names once more when one of these is not known yet; several askers share one request. */
export function learn(viewerIds: readonly string[]): void {
  if (viewerIds.every((id) => known.peek().has(id))) return;
  asking ??= everyRow(api.viewers, { most: MOST })
    .then((outcome) => {
      if (outcome.ok) remember(...outcome.data);
    })
    .finally(() => {
      asking = null;
    });
}
