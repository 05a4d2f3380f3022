import type { Signal } from '@preact/signals';
import { Labelled, type LabelledProps } from './Labelled.js';

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
