import { type ReadonlySignal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { type CommandError, errorText } from '../shared/errorText.js';
import { Icon } from '../shared/Icon.js';

interface Step<Args extends unknown[]> {
  busy: ReadonlySignal<boolean>;
  error: ReadonlySignal<CommandError | null>;
  run: (...args: Args) => void;
}

/** A step of the purchase as a button needs it: one at a time, busy until answered, then the refusal if any. */
export function useStep<Args extends unknown[]>(
  action: (...args: Args) => Promise<CommandError | null>,
): Step<Args> {
  const busy = useSignal(false);
  const error = useSignal<CommandError | null>(null);
  const mounted = useRef(true);
  useEffect(
    () => () => {
      mounted.current = false;
    },
    [],
  );
  const run = async (...args: Args) => {
    if (busy.peek()) return;
    busy.value = true;
    error.value = null;
    const refusal = await action(...args);
    if (!mounted.current) return;
    busy.value = false;
    error.value = refusal;
  };
  return { busy, error, run: (...args) => void run(...args) };
}

/** Why a step was refused, beside the button that asked for it. */
export function Refusal({ error }: { error: CommandError | null }) {
  return (
    <div role="alert">
      {error !== null && (
        <p class="refusal">
          <Icon name="alert" size={18} />
          {errorText(error)}
        </p>
      )}
    </div>
  );
}

/** For `ref`: a question has the focus, and with it is in sight, on the answer that changes nothing. */
export function takeFocus(button: HTMLElement | null): void {
  button?.focus();
}
