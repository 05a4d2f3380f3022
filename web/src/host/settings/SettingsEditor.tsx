import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { Settings } from '../../../../src/protocol/settings.js';
import { SETTING_ENTRIES, type SettingEntry } from '../../../../src/protocol/settings-table.js';
import type { CommandError } from '../../shared/messages.js';
import { toast } from '../../shared/toast.js';
import { api, issuesOf } from '../api.js';
import { hostErrorText } from '../messages/errors.js';
import { settings as words } from '../messages/settings.js';
import { shell } from '../messages/shell.js';
import { replaceRoute, route } from '../route.js';
import { SettingInput } from './SettingInput.js';
import { SettingList } from './SettingList.js';
import { SettingsTabs, TABS } from './SettingsTabs.js';
import {
  changesOf,
  isChanged,
  resetForm,
  type SettingsForm,
  settingsForm,
} from './settingsForm.js';

/** The tabs over one form: what was changed in any of them is saved together. */
export function SettingsEditor({
  settings,
  onSaved,
}: {
  settings: Settings;
  onSaved: (settings: Settings) => void;
}) {
  const form = useMemo(() => settingsForm(settings), [settings]);
  const wrong = useSignal<ReadonlySet<string>>(new Set());
  const failure = useSignal<CommandError | null>(null);
  const busy = useSignal(false);
  const tab = TABS.find((known) => known === route.value.part) ?? 'order';
  const { patch, count, unreadable } = changesOf(form, settings);

  const refuse = (paths: readonly string[]) => {
    wrong.value = new Set(paths);
    const isIn = (path: string) => paths.find((bad) => bad === path || bad.startsWith(`${path}.`));
    const first = SETTING_ENTRIES.find(({ path }) => isIn(path));
    if (first !== undefined) showField(first.tab, isIn(first.path) ?? first.path);
  };
  const save = async () => {
    failure.value = null;
    wrong.value = new Set();
    if (unreadable.length > 0) {
      refuse(unreadable);
      return;
    }
    busy.value = true;
    const outcome = await api.patchSettings(patch);
    busy.value = false;
    if (outcome.ok) {
      toast(words('saved'), 'good');
      onSaved(outcome.data.settings);
      return;
    }
    const paths = [...issuesOf(outcome.error).keys()];
    if (paths.length > 0) refuse(paths);
    else failure.value = outcome.error;
  };

  return (
    <form
      class="settings"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (count > 0) void save();
      }}
    >
      <SettingsTabs tab={tab} wrong={wrong.value} form={form} settings={settings}>
        {SETTING_ENTRIES.filter((entry) => entry.tab === tab).map((entry) => (
          <EntryInput
            key={entry.path}
            entry={entry}
            form={form}
            wrong={wrong.value}
            changed={isChanged(form, settings, entry)}
          />
        ))}
      </SettingsTabs>
      <div class="settings-foot">
        <p class="settings-state" role="status">
          {failure.value !== null && (
            <span class="field-error">{hostErrorText(failure.value)}</span>
          )}
          {wrong.value.size > 0 && (
            <span class="field-error">{words('badCount', { count: wrong.value.size })}</span>
          )}
          {wrong.value.size === 0 &&
            failure.value === null &&
            (count === 0 ? words('nothing') : words('changed', { count }))}
        </p>
        <button
          type="button"
          class="button"
          disabled={count === 0}
          onClick={() => {
            resetForm(form, settings);
            wrong.value = new Set();
            failure.value = null;
          }}
        >
          {words('reset')}
        </button>
        <button type="submit" class="button button-primary" disabled={count === 0 || busy.value}>
          {busy.value ? shell('saving') : words('save')}
        </button>
      </div>
    </form>
  );
}

function EntryInput({
  entry: { path, setting },
  form,
  wrong,
  changed,
}: {
  entry: SettingEntry;
  form: SettingsForm;
  wrong: ReadonlySet<string>;
  changed: boolean;
}) {
  if (setting.type === 'list') {
    const rows = form.lists.get(path);
    return rows && <SettingList {...{ setting, path, rows, wrong, changed }} />;
  }
  const value = form.texts.get(path);
  return (
    value && <SettingInput {...{ setting, name: path, value, changed, wrong: wrong.has(path) }} />
  );
}

/** Opens the tab of a field and puts the focus into it, once the tab is drawn. */
function showField(tab: SettingEntry['tab'], path: string): void {
  replaceRoute('settings', tab);
  requestAnimationFrame(() => {
    const places = `[name="${path}"], [data-path="${path}"] input`;
    document.querySelector<HTMLElement>(places)?.focus();
  });
}
