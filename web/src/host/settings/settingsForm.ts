import { effect, type Signal, signal } from '@preact/signals';
import type { Settings, SettingsPatch } from '../../../../src/protocol/settings.js';
import type { ListSetting, Setting } from '../../../../src/protocol/settings-kinds.js';
import {
  nestSettings,
  SETTING_ENTRIES,
  type SettingEntry,
  type SettingValue,
  settingAt,
} from '../../../../src/protocol/settings-table.js';
import { claims } from '../state/session.js';
import { readDecimal, readWhole } from '../ui/numbers.js';

/** One row of a list: its fields by name. */
export interface Row {
  key: number;
  cells: ReadonlyMap<string, Signal<string>>;
}

/** What stands in the fields, by path. A switch holds `true` or `false`, a choice the name of its option. */
export interface SettingsForm {
  texts: ReadonlyMap<string, Signal<string>>;
  lists: ReadonlyMap<string, Signal<readonly Row[]>>;
}

export function settingsForm(settings: Settings): SettingsForm {
  const form = { texts: new Map(), lists: new Map() };
  for (const entry of SETTING_ENTRIES) {
    const draft = savedDraft(entry, settings);
    if (typeof draft === 'string') form.texts.set(entry.path, signal(draft));
    else {
      const rows = draft.map((cells) => rowOf(entry.setting as ListSetting, cells));
      form.lists.set(entry.path, signal(rows));
    }
  }
  return form;
}

/** A row to be filled in. */
export function newRow(setting: ListSetting): Row {
  return rowOf(
    setting,
    Object.values(setting.fields).map((field) => String(field.default)),
  );
}

let rowsMade = 0;

function rowOf(setting: ListSetting, texts: readonly string[]): Row {
  const names = Object.keys(setting.fields);
  const cells = new Map(names.map((name, index) => [name, signal(texts[index] ?? '')]));
  rowsMade += 1;
  return { key: rowsMade, cells };
}

/** The text of a field, or of every field of every row. */
type Draft = string | string[][];

function savedDraft({ path, setting }: SettingEntry, settings: Settings): Draft {
  const value = settingAt(settings, path) ?? setting.default;
  if (setting.type !== 'list') return String(value);
  return (value as Record<string, unknown>[]).map((row) =>
    Object.keys(setting.fields).map((name) => String(row[name])),
  );
}

function typedDraft(form: SettingsForm, path: string): Draft {
  const rows = form.lists.get(path)?.value;
  if (rows === undefined) return form.texts.get(path)?.value ?? '';
  return rows.map(({ cells }) => [...cells.values()].map((cell) => cell.value));
}

interface Reading {
  value: SettingValue;
  /** Paths of the fields whose text is no number where one is wanted. */
  unreadable: string[];
}

function readDraft(setting: Setting, path: string, draft: Draft): Reading {
  if (typeof draft === 'string') return readText(setting, path, draft);
  const fields = Object.entries((setting as ListSetting).fields);
  const unreadable: string[] = [];
  const value = draft.map((texts, index) =>
    Object.fromEntries(
      fields.map(([name, field], column) => {
        const cell = readText(field, `${path}.${index}.${name}`, texts[column] ?? '');
        unreadable.push(...cell.unreadable);
        return [name, cell.value];
      }),
    ),
  );
  return { value, unreadable };
}

function readText(setting: Setting, path: string, text: string): Reading {
  if (setting.type === 'number') {
    const value = setting.decimals === 0 ? readWhole(text) : readDecimal(text);
    return value === null ? { value: text, unreadable: [path] } : { value, unreadable: [] };
  }
  if (setting.type === 'flag') return { value: text === 'true', unreadable: [] };
  const freeText = setting.type === 'text' && setting.form === 'lines';
  return { value: freeText ? text : text.trim(), unreadable: [] };
}

export function isChanged(form: SettingsForm, settings: Settings, entry: SettingEntry): boolean {
  const { path, setting } = entry;
  const typed = readDraft(setting, path, typedDraft(form, path));
  const saved = readDraft(setting, path, savedDraft(entry, settings));
  return JSON.stringify(typed.value) !== JSON.stringify(saved.value);
}

interface Changes {
  patch: SettingsPatch;
  count: number;
  /** Paths of fields whose text could not even be sent. */
  unreadable: string[];
}

/** Only what was changed: a field that somebody else changed meanwhile must not be put back. */
export function changesOf(form: SettingsForm, settings: Settings): Changes {
  const changed = SETTING_ENTRIES.filter((entry) => isChanged(form, settings, entry));
  const read = changed.map(({ path, setting }) => ({
    path,
    ...readDraft(setting, path, typedDraft(form, path)),
  }));
  return {
    patch: nestSettings(read.map(({ path, value }) => [path, value])),
    count: changed.length,
    unreadable: read.flatMap(({ unreadable }) => unreadable),
  };
}

/** What stands in fields that were changed, by path. */
type Drafts = Readonly<Record<string, Draft>>;

export function draftsOf(form: SettingsForm, settings: Settings): Drafts {
  const changed = SETTING_ENTRIES.filter((entry) => isChanged(form, settings, entry));
  return Object.fromEntries(changed.map(({ path }) => [path, typedDraft(form, path)]));
}

/** Puts in what was typed before; of a setting that is no more, nothing. */
export function typeAgain(form: SettingsForm, drafts: Drafts): void {
  for (const { path, setting } of SETTING_ENTRIES) {
    const draft = drafts[path];
    const [text, rows] = [form.texts.get(path), form.lists.get(path)];
    if (text !== undefined && typeof draft === 'string') text.value = draft;
    if (rows !== undefined && Array.isArray(draft) && setting.type === 'list') {
      rows.value = draft.map((cells) => rowOf(setting, cells));
    }
  }
}

/** Puts back what is saved. */
export function resetForm(form: SettingsForm, settings: Settings): void {
  const saved = settingsForm(settings);
  for (const [path, text] of form.texts) text.value = saved.texts.get(path)?.value ?? '';
  for (const [path, rows] of form.lists) rows.value = saved.lists.get(path)?.value ?? [];
}

/**
 * What was typed into the settings and not saved: kept in this tab, so that another page, a reload or a new sign-in loses
 * nothing, and never sent by itself.
 */
export const draft = signal<Drafts>({});

function keyOf(shop: string): string {
  return `livehold.host.settingsDraft.${shop}`;
}

effect(() => {
  const shop = claims.value?.shop;
  draft.value = shop === undefined ? {} : stored(shop);
});

export function keepDraft(next: Drafts): void {
  const shop = claims.peek()?.shop;
  if (shop === undefined || JSON.stringify(next) === JSON.stringify(draft.peek())) return;
  draft.value = next;
  if (Object.keys(next).length === 0) sessionStorage.removeItem(keyOf(shop));
  else sessionStorage.setItem(keyOf(shop), JSON.stringify(next));
}

function stored(shop: string): Drafts {
  return JSON.parse(sessionStorage.getItem(keyOf(shop)) ?? '{}') as Drafts;
}

// Closing the tab would lose it: the browser asks in its own words.
addEventListener('beforeunload', (event) => {
  if (Object.keys(draft.peek()).length > 0) event.preventDefault();
});
