import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

const HOLD_MS = 1_200;

/**
 * A button for what must not happen by a slip: it acts when it has been held down long enough, by finger, mouse, Enter or
 * Space. A press that was too short calls `onShort`. Screen readers and speech input can only click: they call
 * `onClicked`, which should ask back.
 */
export function HoldButton({
  hint,
  onHeld,
  onShort,
  onClicked,
  children,
}: {
  hint: string;
  onHeld: () => void;
  onShort: () => void;
  onClicked: () => void;
  children: ComponentChildren;
}) {
  const holding = useSignal(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const pressed = useRef(false);
  const begin = () => {
    if (holding.peek()) return;
    holding.value = true;
    pressed.current = true;
    timer.current = setTimeout(() => {
      holding.value = false;
      onHeld();
    }, HOLD_MS);
  };
  const stop = () => {
    clearTimeout(timer.current);
    holding.value = false;
  };
  const release = () => {
    if (holding.peek()) onShort();
    stop();
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  const isKey = (event: KeyboardEvent) => event.key === 'Enter' || event.key === ' ';
  return (
    <button
      type="button"
      class={`button button-danger hold${holding.value ? ' hold-on' : ''}`}
      title={hint}
      onPointerDown={(event) => {
        if (event.button === 0) begin();
      }}
      onPointerUp={release}
      onPointerLeave={stop}
      onPointerCancel={stop}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if (!isKey(event)) return;
        // Enter would press again and again while it is held.
        event.preventDefault();
        if (!event.repeat) begin();
      }}
      onKeyUp={(event) => {
        if (!isKey(event)) return;
        event.preventDefault();
        release();
      }}
      onBlur={stop}
      onClick={() => {
        if (!pressed.current) onClicked();
        pressed.current = false;
      }}
    >
      <span class="hold-fill" aria-hidden="true" />
      {children}
    </button>
  );
}
