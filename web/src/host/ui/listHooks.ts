import { effect, type ReadonlySignal, untracked, useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** So long after a touch the finger may come back. */
const TOUCH_MS = 4_000;
const SCROLLED_PX = 4;

/**
 * Whether a list must not move now: it is pointed at, was touched a moment ago, has the keyboard's focus, or has been scrolled
 * away from its top (unless `evenScrolled`, for a list that scrolls by itself).
 */
export function useStill(
  list: RefObject<HTMLElement | null>,
  { evenScrolled = false } = {},
): ReadonlySignal<boolean> {
  const still = useSignal(false);
  useEffect(() => {
    const element = list.current;
    if (element === null) return;
    const reasons = { pointed: false, touched: false, focused: false, scrolled: false };
    const because = (reason: keyof typeof reasons, holds: boolean) => {
      reasons[reason] = holds;
      still.value = Object.values(reasons).some(Boolean);
    };
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ends = new AbortController();
    const on = <Name extends keyof HTMLElementEventMap>(
      name: Name,
      listener: (event: HTMLElementEventMap[Name]) => void,
    ) => element.addEventListener(name, listener, { signal: ends.signal, passive: true });
    on('pointerenter', (event) => because('pointed', event.pointerType === 'mouse'));
    on('pointermove', (event) => {
      if (event.pointerType === 'mouse' && !reasons.pointed) because('pointed', true);
    });
    on('pointerleave', () => because('pointed', false));
    on('pointerdown', (event) => {
      if (event.pointerType === 'mouse') return;
      because('touched', true);
      clearTimeout(timer);
      timer = setTimeout(() => because('touched', false), TOUCH_MS);
    });
    // A click leaves the focus behind and says nothing of who looks where.
    on('focusin', ({ target }) =>
      because('focused', target instanceof Element && target.matches(':focus-visible')),
    );
    on('focusout', () => because('focused', false));
    const onScroll = ({ target }: Event) =>
      because('scrolled', target instanceof Element && target.scrollTop > SCROLLED_PX);
    // What scrolls may be within.
    if (!evenScrolled)
      element.addEventListener('scroll', onScroll, {
        signal: ends.signal,
        capture: true,
      });
    return () => {
      ends.abort();
      clearTimeout(timer);
    };
  }, [list, still, evenScrolled]);
  return still;
}

/**
 * The ids to show: those of `current`, or, while the list is still, those shown before. `of` says what the list is of;
 * another list shows at once.
 */
export function useFrozen(
  current: readonly string[],
  still: boolean,
  of: string,
): { shown: readonly string[]; fresh: number } {
  const kept = useRef({ ids: current, of });
  // An empty list has nothing that could move under a finger.
  if (!still || kept.current.of !== of || kept.current.ids.length === 0) {
    kept.current = { ids: current, of };
  }
  const { ids } = kept.current;
  if (ids === current) return { shown: ids, fresh: 0 };
  const shown = new Set(ids);
  return { shown: ids, fresh: current.filter((id) => !shown.has(id)).length };
}

/**
 * Calls `hear` with each value that the signal takes, in the same turn, and with the one that it has. Unlike
 * `useSignalEffect`, which waits for a frame, it misses none of several values that come at once, and follows no other signal.
 */
export function useHearing<Value>(
  signal: ReadonlySignal<Value>,
  hear: (value: Value) => void,
): void {
  const latest = useRef(hear);
  latest.current = hear;
  useEffect(
    () =>
      effect(() => {
        const { value } = signal;
        untracked(() => latest.current(value));
      }),
    [signal],
  );
}
