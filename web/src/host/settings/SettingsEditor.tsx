import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { Settings } from '../../../../src/protocol/settings.js';
import type { CommandError } from '../../shared/messages.js';
import { toast } from '../../shared/toast.js';
import { api, issuesOf } from '../api.js';
import { hostErrorText } from '../messages/errors.js';
import { settings as words } from '../messages/settings.js';
import { shell } from '../messages/shell.js';
import { replaceRoute, route } from '../route.js';
import { ALL_FIELDS, fieldsOf, SECTIONS, type Section } from './fields.js';
import { SettingInput } from './SettingInput.js';
import { SettingsTabs } from './SettingsTabs.js';
import { changesOf, isChanged, settingsForm } from './settingsForm.js';

/** The four tabs over one form: what was changed in any of them is saved together. */
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
  const section = SECTIONS.find((known) => known === route.value.part) ?? 'order';
  const { patch, count, unreadable } = changesOf(form, settings);

  const refuse = (paths: readonly string[]) => {
    wrong.value = new Set(paths);
    const first = ALL_FIELDS.find((field) => paths.includes(field.path));
    if (first !== undefined) showField(first.section, first.path);
  };
  const save = async () => {
    failure.value = null;
    wrong.value = new Set();
    if (unreadable.length > 0) {
      refuse(unreadable.map((field) => field.path));
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
      <SettingsTabs section={section} wrong={wrong.value} form={form} settings={settings}>
        {fieldsOf(section).map((field) => (
          <SettingInput
            key={field.path}
            field={field}
            form={form}
            wrong={wrong.value.has(field.path)}
            changed={isChanged(form, settings, field)}
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
            const kept = settingsForm(settings);
            for (const [path, text] of form) text.value = kept.get(path)?.value ?? '';
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

/** Opens the tab of a field and puts the focus into it, once the tab is drawn. */
function showField(section: Section, path: string): void {
  replaceRoute('settings', section);
  requestAnimationFrame(() =>
    document.querySelector<HTMLInputElement>(`input[name="${path}"]`)?.focus(),
  );
}
