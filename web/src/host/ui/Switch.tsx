import { useId } from 'preact/hooks';

/** Something that is on or off at once, without a Save. */
export function Switch({
  label,
  help,
  on,
  onChange,
}: {
  label: string;
  help: string;
  on: boolean;
  onChange: (on: boolean) => void;
}) {
  const id = useId();
  return (
    <div class="switch-line">
      <div>
        <span id={`${id}-label`} class="field-label">
          {label}
        </span>
        <p id={`${id}-help`} class="field-help">
          {help}
        </p>
      </div>
      <button
        type="button"
        class="switch"
        role="switch"
        aria-checked={on}
        aria-labelledby={`${id}-label`}
        aria-describedby={`${id}-help`}
        onClick={() => onChange(!on)}
      >
        <span class="switch-knob" aria-hidden="true" />
      </button>
    </div>
  );
}
