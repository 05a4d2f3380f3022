import type { Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

/** One labelled line of text. */
export function Field({
  value,
  name,
  kind = 'text',
  required = false,
  focusFirst = false,
  ...labelled
}: LabelledProps & {
  value: Signal<string>;
  name: string;
  kind?: 'text' | 'whole' | 'signed' | 'decimal' | 'url' | 'password';
  required?: boolean;
  focusFirst?: boolean;
}) {
  return (
    <Labelled
      {...labelled}
      control={(attributes) => (
        <input
          {...attributes}
          class="input"
          name={name}
          {...(kind === 'password' ? ({ type: 'password' } as const) : ({ type: 'text' } as const))}
          inputMode={KEYBOARDS[kind]}
          value={value}
          required={required}
          autocomplete="off"
          spellcheck={kind === 'text'}
          data-autofocus={focusFirst || undefined}
          onInput={(event) => {
            value.value = event.currentTarget.value;
          }}
        />
      )}
    />
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

/** What a control needs to be named and described by the words around it. */
interface ControlAttributes {
  id: string;
  'aria-labelledby': string;
  'aria-describedby': string | undefined;
  'aria-invalid': boolean;
}

export interface LabelledProps {
  label: string;
  help?: string | undefined;
  error?: string | undefined;
  unit?: string | undefined;
  changed?: boolean;
  /** The control needs the whole width. */
  wide?: boolean;
}

/** A control with its label, help and error; all are read out with it. */
export function Labelled({
  label,
  help,
  error,
  unit,
  changed = false,
  wide = false,
  control,
}: LabelledProps & { control: (attributes: ControlAttributes) => ComponentChildren }) {
  const id = useId();
  const described = [help && `${id}-help`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div class={`field${changed ? ' field-changed' : ''}${wide ? ' field-wide' : ''}`}>
      <label id={`${id}-label`} class="field-label" for={id}>
        {label}
      </label>
      <div class="field-control">
        {control({
          id,
          'aria-labelledby': `${id}-label`,
          'aria-invalid': error !== undefined,
          'aria-describedby': described === '' ? undefined : described,
        })}
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

/** Something to be copied: a touch selects all of it. */
export function ReadOnly({ value, ...labelled }: LabelledProps & { value: string }) {
  return (
    <Labelled
      {...labelled}
      control={(attributes) => (
        <input
          {...attributes}
          class="input"
          value={value}
          readOnly
          onFocus={(event) => event.currentTarget.select()}
        />
      )}
    />
  );
}

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

/** A few choices side by side, one of them on. */
export function Segments<Value extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: Value;
  options: readonly { value: Value; label: string; count?: number | undefined }[];
  onChange: (value: Value) => void;
}) {
  return (
    <fieldset class="segments">
      <legend class="visually-hidden">{label}</legend>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          class="segment"
          aria-pressed={option.value === value}
          data-value={option.value}
          onClick={() => onChange(option.value)}
        >
          {option.label}
          {option.count !== undefined && option.count > 0 && (
            <span class="segment-count numeric">{option.count}</span>
          )}
        </button>
      ))}
    </fieldset>
  );
}
