import type { Signal } from '@preact/signals';
import {
  type ChoiceSetting,
  type ListSetting,
  type NumberSetting,
  type Setting,
  UNITS,
} from '../../../../src/protocol/settings-kinds.js';
import { number } from '../../shared/format.js';
import { inLocale } from '../../shared/i18n.js';
import { settings as words } from '../messages/settings.js';
import { Field, Labelled, type LabelledProps } from '../ui/Field.js';

type SingleSetting = Exclude<Setting, ListSetting>;

/** One setting: its label as sellers know it, what it does, what it is when nobody says otherwise. */
export function SettingInput({
  setting,
  name,
  value,
  wrong,
  changed = false,
}: {
  setting: SingleSetting;
  /** The setting's path, or that of a field in a row: `bankAccounts.0.bank`. */
  name: string;
  value: Signal<string>;
  wrong: boolean;
  changed?: boolean;
}) {
  const props = {
    label: inLocale(setting.label),
    help: [inLocale(setting.help), aboutWords(setting)].filter(Boolean).join(' '),
    error: wrong ? badWords(setting) : undefined,
    changed,
    name,
    value,
  };
  switch (setting.type) {
    case 'number': {
      const kind = setting.decimals === 0 ? 'whole' : 'decimal';
      return <Field {...props} kind={kind} unit={inLocale(UNITS[setting.unit])} />;
    }
    case 'flag':
      return <FlagInput {...props} />;
    case 'choice':
      return <ChoiceInput {...props} options={setting.options} />;
    case 'text':
      return setting.form === 'line' ? <Field {...props} /> : <LinesInput {...props} />;
    case 'link':
      return <Field {...props} kind="url" />;
    default:
      return setting satisfies never;
  }
}

interface InputProps extends LabelledProps {
  name: string;
  value: Signal<string>;
}

function FlagInput({ name, value, ...labelled }: InputProps) {
  const on = value.value === 'true';
  return (
    <Labelled
      {...labelled}
      control={({ 'aria-invalid': _, ...attributes }) => (
        <button
          {...attributes}
          name={name}
          type="button"
          class="switch"
          role="switch"
          aria-checked={on}
          onClick={() => {
            value.value = String(!on);
          }}
        >
          <span class="switch-knob" aria-hidden="true" />
        </button>
      )}
    />
  );
}

function ChoiceInput({
  name,
  value,
  options,
  ...labelled
}: InputProps & Pick<ChoiceSetting, 'options'>) {
  return (
    <Labelled
      {...labelled}
      control={(attributes) => (
        <select
          {...attributes}
          class="input"
          name={name}
          value={value}
          onChange={(event) => {
            value.value = event.currentTarget.value;
          }}
        >
          {Object.entries(options).map(([option, label]) => (
            <option key={option} value={option}>
              {inLocale(label)}
            </option>
          ))}
        </select>
      )}
    />
  );
}

function LinesInput({ name, value, ...labelled }: InputProps) {
  return (
    <Labelled
      {...labelled}
      wide
      control={(attributes) => (
        <textarea
          {...attributes}
          class="input"
          name={name}
          rows={5}
          value={value}
          onInput={(event) => {
            value.value = event.currentTarget.value;
          }}
        />
      )}
    />
  );
}

/** What the field is when nobody says otherwise, or how long it may be. */
function aboutWords(setting: SingleSetting): string {
  switch (setting.type) {
    case 'number':
      return words('default', { value: defaultNumber(setting) });
    case 'flag':
      return words('default', { value: words(setting.default ? 'on' : 'off') });
    case 'choice': {
      const option = setting.options[setting.default];
      return option === undefined ? '' : words('default', { value: inLocale(option) });
    }
    case 'text':
      return setting.form === 'line' ? '' : words('bad_text', { max: number(setting.maxLength) });
    default:
      return '';
  }
}

function defaultNumber({ default: value, unit, zero }: NumberSetting): string {
  if (value === 0 && zero !== undefined) return words(`zero_${zero}`);
  return `${number(value)} ${inLocale(UNITS[unit])}`;
}

function badWords(setting: SingleSetting): string {
  switch (setting.type) {
    case 'number':
      return badNumber(setting);
    case 'link':
      return words('bad_link');
    case 'text':
      return words(setting.form === 'line' ? 'bad_line' : 'bad_text', {
        max: number(setting.maxLength),
      });
    default:
      return words('bad_choice');
  }
}

function badNumber({ decimals, aboveMin, ...limits }: NumberSetting): string {
  const bounds = { min: number(limits.min), max: number(limits.max) };
  if (aboveMin) return words('bad_above', bounds);
  if (decimals === 0) return words('bad_whole', bounds);
  return words(decimals === 2 ? 'bad_decimals' : 'bad_number', bounds);
}
