import { effect, type ReadonlySignal, untracked } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

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
