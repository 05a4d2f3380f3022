import { signal } from '@preact/signals';
import { number } from '../../shared/format.js';
import { settings as words } from '../messages/settings.js';
import { Field } from '../ui/Field.js';
import type { FieldKind, SettingField } from './fields.js';
import type { SettingsForm } from './settingsForm.js';

const KEYBOARDS = {
  percent: 'decimal',
  minutes: 'decimal',
  limit: 'whole',
  points: 'whole',
  threshold: 'whole',
  link: 'url',
} as const;

/** One setting: its label as sellers know it, what it does, what it is when nobody says otherwise. */
export function SettingInput({
  field,
  form,
  wrong,
  changed,
}: {
  field: SettingField;
  form: SettingsForm;
  wrong: boolean;
  changed: boolean;
}) {
  const label = words(field.path as LabelKey);
  const help =
    field.kind === 'link'
      ? words('linkHelp', { name: label })
      : `${words(`${field.path}.help` as HelpKey)} ${words('default', { value: fallback(field) })}.`;
  return (
    <Field
      label={label}
      name={field.path}
      kind={KEYBOARDS[field.kind]}
      unit={unit(field.kind)}
      value={form.get(field.path) ?? signal('')}
      help={help}
      error={wrong ? badWords(field.kind) : undefined}
      changed={changed}
    />
  );
}

type WordKey = Parameters<typeof words>[0];
type HelpKey = Extract<WordKey, `${string}.help`>;
type LabelKey = Exclude<Extract<WordKey, `${string}.${string}`>, HelpKey>;

function unit(kind: FieldKind): string | undefined {
  switch (kind) {
    case 'percent':
      return words('percentSign');
    case 'minutes':
      return words('minutes');
    case 'limit':
      return words('pieces');
    case 'points':
    case 'threshold':
      return words('points');
    case 'link':
      return undefined;
    default:
      return kind satisfies never;
  }
}

function fallback({ kind, fallback: value }: SettingField): string {
  if (kind === 'limit') return words('noLimit');
  if (kind === 'threshold') return words('everyone');
  if (kind === 'points') return words('none');
  return kind === 'minutes' ? `${number(Number(value))} ${words('minutes')}` : String(value);
}

function badWords(kind: FieldKind): string {
  return words(kind === 'threshold' ? 'bad_points' : `bad_${kind}`);
}
