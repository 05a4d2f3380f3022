import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

/** What a control needs to be named and described by the words around it. */
export interface ControlAttributes {
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
