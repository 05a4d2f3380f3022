import { type Signal, signal, useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';

/**
 * A finger is on its way for longer than a page takes to change. So a place whose content has changed by itself takes no tap
 * for this long, ms: what a tap does is what stood under it when the finger set out.
 */
const SETTLES_MS = 600;
/** What changes within this after a choice of the viewer's changes because of it, ms. */
const BY_HAND_MS = 100;

let chosenAt = Number.NEGATIVE_INFINITY;

/** What changes now, changes because the viewer asked for it. */
export function choseByHand(): void {
  chosenAt = performance.now();
}

/** Whether the rows have moved a moment ago. */
const rowsMoving = signal(false);
const unsettle = settlingOf(rowsMoving);

/** None of the rows takes a tap for a moment. */
export function rowsMoved(): void {
  if (performance.now() - chosenAt > BY_HAND_MS) unsettle();
}

/** Answers what makes the signal true for so long, from the last call on. */
function settlingOf(settling: Signal<boolean>): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    settling.value = true;
    // From when it is seen.
    requestAnimationFrame(() => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        settling.value = false;
      }, SETTLES_MS);
    });
  };
}

/** What a place offers: to do what, with which item. `rests` is nothing that a tap could do. */
interface Offer {
  itemId: string;
  action: string;
  rests: boolean;
}

/**
 * Whether what is offered has changed a moment ago, or the rows have, if the place `moves` with them. A place that could do
 * nothing with the same item has settled at once: nobody was about to do anything else there.
 */
export function useSettling(offer: Offer, moves: boolean): boolean {
  const shown = useRef(offer);
  const settling = useSignal(false);
  const unsettleThis = useRef(settlingOf(settling));
  useLayoutEffect(() => {
    const before = shown.current;
    shown.current = offer;
    if (offer.rests) return;
    if (before.itemId === offer.itemId && (before.action === offer.action || before.rests)) return;
    if (performance.now() - chosenAt > BY_HAND_MS) unsettleThis.current();
  });
  const moving = moves && rowsMoving.value;
  return !offer.rests && (settling.value || moving);
}
