import { type Signal, signal } from '@preact/signals';
import type { Settings, SettingsPatch } from '../../../../src/protocol/settings.js';
import { readDecimal, readWhole } from '../ui/numbers.js';
import { ALL_FIELDS, type FieldKind, type SettingField, settingValue } from './fields.js';

/** What stands in the fields, by path. */
export type SettingsForm = ReadonlyMap<string, Signal<string>>;

export function settingsForm(settings: Settings): SettingsForm {
  return new Map(
    ALL_FIELDS.map((field) => [field.path, signal(String(settingValue(settings, field)))]),
  );
}

export function isChanged(form: SettingsForm, settings: Settings, field: SettingField): boolean {
  const text = form.get(field.path)?.value.trim() ?? '';
  return read(field.kind, text) !== settingValue(settings, field);
}

/** A field's text as its value; null when it is no number where one is wanted. */
function read(kind: FieldKind, text: string): string | number | null {
  if (kind === 'link') return text;
  return kind === 'percent' || kind === 'minutes' ? readDecimal(text) : readWhole(text);
}

export interface Changes {
  patch: SettingsPatch;
  count: number;
  /** Fields whose text could not even be sent. */
  unreadable: SettingField[];
}

/** Only what was changed: a field that somebody else changed meanwhile must not be put back. */
export function changesOf(form: SettingsForm, settings: Settings): Changes {
  const patch: Record<string, Record<string, string | number>> = {};
  const unreadable: SettingField[] = [];
  let count = 0;
  for (const field of ALL_FIELDS) {
    if (!isChanged(form, settings, field)) continue;
    count += 1;
    const value = read(field.kind, form.get(field.path)?.value.trim() ?? '');
    if (value === null) unreadable.push(field);
    else patch[field.section] = { ...patch[field.section], [field.name]: value };
  }
  return { patch: patch as SettingsPatch, count, unreadable };
}
