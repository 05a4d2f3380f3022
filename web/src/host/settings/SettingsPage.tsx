import { effect, useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { Settings } from '../../../../src/protocol/settings.js';
import { SETTING_ENTRIES, type SettingEntry } from '../../../../src/protocol/settings-table.js';
import { type CommandError, common } from '../../shared/messages.js';
import { toast } from '../../shared/toast.js';
import { hostErrorText } from '../messages/errors.js';
import { settings as words } from '../messages/settings.js';
import { shell } from '../messages/shell.js';
import { go, replaceRoute, route } from '../route.js';
import { api, issuesOf } from '../state/api.js';
import { isOwner } from '../state/session.js';
import { PageHead } from '../ui/PageHead.js';
import { ChangesPanel } from './ChangesPanel.js';
import { GatewayPanel } from './GatewayPanel.js';
import { SettingInput } from './SettingInput.js';
import { SettingList } from './SettingList.js';
import { isFormTab, SettingsTabs, TABS } from './SettingsTabs.js';
import {
  changesOf,
  draft,
  draftsOf,
  isChanged,
  keepDraft,
  resetForm,
  type SettingsForm,
  settingsForm,
  typeAgain,
} from './settingsForm.js';
import { TeamPanel } from './TeamPanel.js';
import { WebhooksPanel } from './WebhooksPanel.js';

export function SettingsPage() {
  const settings = useSignal<Settings | null>(null);
  const failure = useSignal<CommandError | null>(null);
  useEffect(() => {
    void api.settings().then((outcome) => {
      if (outcome.ok) settings.value = outcome.data.settings;
      else failure.value = outcome.error;
    });
  }, [settings, failure]);
  return (
    <>
      <PageHead title={words('title')} lead={words('lead')} />
      {failure.value !== null && (
        <p class="field-error" role="alert">
          {hostErrorText(failure.value)}
        </p>
      )}
      {settings.value === null ? (
        failure.value === null && <p class="muted">{common('loading')}</p>
      ) : (
        <SettingsEditor
          settings={settings.value}
          onSaved={(saved) => {
            settings.value = saved;
          }}
        />
      )}
    </>
  );
}

/** The tabs over one form: what was changed in any of them is saved together. */
function SettingsEditor({
  settings,
  onSaved,
}: {
  settings: Settings;
  onSaved: (settings: Settings) => void;
}) {
  const form = useMemo(() => {
    const opened = settingsForm(settings);
    typeAgain(opened, draft.peek());
    return opened;
  }, [settings]);
  const wrong = useSignal<ReadonlySet<string>>(new Set());
  const failure = useSignal<CommandError | null>(null);
  const busy = useSignal(false);
  const known = TABS.find((one) => one === route.value.part) ?? 'order';
  const tab = isOwner.value || isFormTab(known) ? known : 'order';
  const { patch, count, unreadable } = changesOf(form, settings);
  // In the turn of the typing: `useSignalEffect` would wait for a frame, and leaving the page at once would lose it.
  useEffect(() => effect(() => keepDraft(draftsOf(form, settings))), [form, settings]);
  useEffect(() => () => showKeptDraft(), []);

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
      keepDraft({});
      toast(words('saved'), 'good');
      onSaved(outcome.data.settings);
      return;
    }
    const paths = [...issuesOf(outcome.error).keys()];
    if (paths.length > 0) refuse(paths);
    else failure.value = outcome.error;
  };
  const reset = () => {
    resetForm(form, settings);
    wrong.value = new Set();
    failure.value = null;
  };

  return (
    <div class="settings">
      <SettingsTabs tab={tab} wrong={wrong.value} form={form} settings={settings}>
        {isFormTab(tab) ? (
          <form
            noValidate
            onSubmit={(event) => {
              event.preventDefault();
              if (count > 0) void save();
            }}
          >
            <fieldset class="setting-fields" disabled={!isOwner.value}>
              {SETTING_ENTRIES.filter((entry) => entry.tab === tab).map((entry) => (
                <EntryInput
                  key={entry.path}
                  entry={entry}
                  form={form}
                  wrong={wrong.value}
                  changed={isChanged(form, settings, entry)}
                />
              ))}
            </fieldset>
          </form>
        ) : (
          {
            gateway: <GatewayPanel />,
            webhooks: <WebhooksPanel />,
            team: <TeamPanel />,
            changes: <ChangesPanel />,
          }[tab]
        )}
      </SettingsTabs>
      {isOwner.value && (isFormTab(tab) || count > 0) && (
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
          <button type="button" class="button" disabled={count === 0} onClick={reset}>
            {words('reset')}
          </button>
          <button
            type="button"
            class="button button-primary"
            disabled={count === 0 || busy.value}
            onClick={() => void save()}
          >
            {busy.value ? shell('saving') : words('save')}
          </button>
        </div>
      )}
      {!isOwner.value && <p class="settings-foot">{words('ownerOnly')}</p>}
    </div>
  );
}

/** Who leaves the page with something not saved sees a message that it is still there. */
function showKeptDraft(): void {
  const count = Object.keys(draft.peek()).length;
  if (count === 0) return;
  toast(words('draftKept', { count }), 'info', {
    action: { label: words('backToDraft'), run: () => go('settings') },
  });
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
