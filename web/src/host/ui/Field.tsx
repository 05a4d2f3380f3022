import type { Signal } from '@preact/signals';
import { useId } from 'preact/hooks';

/** One labelled input with its help and its error beside it; both are read out with the field. */
export function Field({
  label,
  value,
  help,
  error,
  name,
  kind = 'text',
  unit,
  required = false,
  focusFirst = false,
  changed = false,
}: {
  label: string;
  value: Signal<string>;
  help?: string | undefined;
  error?: string | undefined;
  name: string;
  kind?: 'text' | 'whole' | 'signed' | 'decimal' | 'url' | 'password';
  unit?: string | undefined;
  required?: boolean;
  focusFirst?: boolean;
  changed?: boolean;
}) {
  const id = useId();
  const described = [help && `${id}-help`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div class={`field${changed ? ' field-changed' : ''}`}>
      <label class="field-label" for={id}>
        {label}
      </label>
      <div class="field-control">
        <input
          id={id}
          class="input"
          name={name}
          {...(kind === 'password' ? ({ type: 'password' } as const) : ({ type: 'text' } as const))}
          inputMode={KEYBOARDS[kind]}
          value={value}
          required={required}
          autocomplete="off"
          spellcheck={kind === 'text'}
          data-autofocus={focusFirst || undefined}
          aria-invalid={error !== undefined}
          aria-describedby={described === '' ? undefined : described}
          onInput={(event) => {
            value.value = event.currentTarget.value;
          }}
        />
        {unit !== undefined && <span class="field-unit">{unit}</span>}
      </div>
      {error !== undefined && (
        <p id={`${id}-error`} class="field-error">
          {error}
        </p>
      )}
      {help !== undefined && (
        <p id={`${id}-help`} class="field-help">
          {help}
        </p>
      )}
    </div>
  );
}

/** The keyboard that a phone shows. Numbers are typed as text: browsers' number inputs drop what they dislike. */
const KEYBOARDS = {
  text: 'text',
  password: 'text',
  whole: 'numeric',
  signed: 'text',
  decimal: 'decimal',
  url: 'url',
} as const;
